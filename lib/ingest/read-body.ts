import "server-only";
import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import { AppError, type AppErrorOptions } from "@/lib/errors/app-error";
import type { ErrorCode } from "@/lib/errors/codes";

export interface BodyLimits {
  /** Most bytes of the body, after decompression. */
  bytesMax: number;
  /** Most bytes from the network. Default: what gzip may make of bytesMax that it cannot shrink. */
  arrivedMax?: number;
  /** Most milliseconds from here to the last byte. */
  timeoutMs: number;
}

/**
 * How long the rest of a refused body is read and thrown away, ms. A connection that is closed while bytes wait in it
 * is reset, and the reset may overtake the answer: the sender would see a broken connection instead of the reason.
 */
const DISCARD_MS = 50;

/**
 * Reads a request's body whole. Content-Encoding is identity or gzip; the limit is enforced while unpacking, so that
 * a small body that unpacks to a large one costs no more than the limit.
 * @throws AppError 413 `payload_too_large` (with `limit_bytes`, `received_bytes`), 415 `unsupported_media_type` for any
 * other encoding or a chain, 400 `invalid_encoding` for damaged gzip or bytes after its end, 408 `timeout` for a body
 * that does not arrive in time or whose sender went away. Each asks for the connection to be closed.
 */
export async function readBody(incoming: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  try {
    const isGzip = usesGzip(incoming.headers["content-encoding"]);
    refuseDeclaredLength(incoming, limits, isGzip);
    return await new Promise<Buffer>((resolve, reject) => {
      new BodyReader(incoming, limits, isGzip).start(resolve, reject);
    });
  } catch (error) {
    await discard(incoming);
    throw error;
  }
}

const refusal = (code: ErrorCode, options: AppErrorOptions) =>
  new AppError(code, { ...options, closeConnection: true });

function tooLarge(limits: BodyLimits, received: number): AppError {
  const limit = limits.bytesMax.toLocaleString("en-US");
  return refusal("payload_too_large", {
    detail: `A request may have at most ${limit} bytes, counted without compression. Split it into several requests.`,
    extra: { limit_bytes: limits.bytesMax, received_bytes: received },
  });
}

function usesGzip(header: string | undefined): boolean {
  const encoding = header?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return false;
  if (encoding === "gzip" || encoding === "x-gzip") return true;
  throw refusal("unsupported_media_type", {
    detail: "Content-Encoding must be gzip or absent. Compress the body once, with gzip, or send it as it is.",
  });
}

/** Bytes that gzip may add to data that it cannot shrink: 5 a block of 16 KiB, and its header and trailer. */
const compressedMax = ({ bytesMax, arrivedMax }: BodyLimits) =>
  arrivedMax ?? bytesMax + Math.ceil(bytesMax / 16_384) * 5 + 1_024;

function refuseDeclaredLength(incoming: IncomingMessage, limits: BodyLimits, isGzip: boolean): void {
  const declared = Number(incoming.headers["content-length"] ?? 0);
  if (declared > (isGzip ? compressedMax(limits) : limits.bytesMax)) throw tooLarge(limits, declared);
}

class BodyReader {
  private readonly chunks: Buffer[] = [];
  /** Bytes from the network, and bytes of the body itself: the same without compression. */
  private arrived = 0;
  private unpacked = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly gunzip;
  private reject: (error: AppError) => void = () => {};
  private resolve: (body: Buffer) => void = () => {};

  private readonly incoming: IncomingMessage;
  private readonly limits: BodyLimits;

  constructor(incoming: IncomingMessage, limits: BodyLimits, isGzip: boolean) {
    this.incoming = incoming;
    this.limits = limits;
    this.gunzip = isGzip ? createGunzip({ chunkSize: 65_536 }) : undefined;
  }

  start(resolve: (body: Buffer) => void, reject: (error: AppError) => void): void {
    const { incoming, gunzip, limits } = this;
    this.resolve = resolve;
    this.reject = reject;
    this.timer = setTimeout(() => {
      this.fail(
        refusal("timeout", { detail: `The body did not arrive within ${limits.timeoutMs / 1000} s. Send it again.` }),
      );
    }, limits.timeoutMs);
    incoming.on("close", this.onGone).on("error", this.onGone);
    incoming.on("data", this.onArrived);
    if (gunzip) {
      gunzip.on("data", this.onUnpacked).on("end", this.onUnpackedEnd).on("error", this.onDamaged);
      incoming.pipe(gunzip);
    } else incoming.on("end", this.onEnd);
    if (incoming.destroyed || incoming.readableEnded) this.onGone();
  }

  private readonly onArrived = (chunk: Buffer): void => {
    this.arrived += chunk.length;
    if (!this.gunzip) this.onUnpacked(chunk);
    else if (this.arrived > compressedMax(this.limits)) this.fail(tooLarge(this.limits, this.arrived));
  };

  private readonly onUnpacked = (chunk: Buffer): void => {
    this.unpacked += chunk.length;
    if (this.unpacked > this.limits.bytesMax) this.fail(tooLarge(this.limits, this.unpacked));
    else this.chunks.push(chunk);
  };

  private readonly onEnd = (): void => {
    this.detach();
    this.resolve(Buffer.concat(this.chunks, this.unpacked));
  };

  /** The unpacker ends at the end of the gzip data, even where more bytes follow. */
  private readonly onUnpackedEnd = (): void => {
    const unread = this.arrived - (this.gunzip?.bytesWritten ?? this.arrived);
    if (unread > 0 || !this.incoming.complete) this.onDamaged();
    else this.onEnd();
  };

  private readonly onDamaged = (cause?: Error): void => {
    const detail = "The gzip data is cut off, damaged or followed by other bytes. Compress the body anew.";
    this.fail(refusal("invalid_encoding", { detail, cause }));
  };

  private readonly onGone = (): void => {
    // A request that has arrived whole may close while the last bytes are being unpacked.
    if (this.gunzip && this.incoming.complete && this.arrived > 0) return;
    this.fail(refusal("timeout", { detail: "The connection was closed before the whole body had arrived." }));
  };

  private fail(error: AppError): void {
    this.detach();
    this.chunks.length = 0;
    this.reject(error);
  }

  private detach(): void {
    const { incoming, gunzip } = this;
    clearTimeout(this.timer);
    incoming.off("close", this.onGone).off("data", this.onArrived).off("end", this.onEnd).off("error", this.onGone);
    // An aborted request emits `error` once more; without a listener it would end the process.
    incoming.on("error", () => {});
    if (!gunzip) return;
    incoming.unpipe(gunzip);
    gunzip.removeAllListeners().on("error", () => {});
    gunzip.destroy();
  }
}

/** Reads on and throws away, until the body ends or `DISCARD_MS` have passed. */
async function discard(incoming: IncomingMessage): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      incoming.off("end", done).off("close", done);
      resolve();
    };
    const timer = setTimeout(done, DISCARD_MS);
    incoming.on("end", done).on("close", done);
    incoming.resume();
  });
}
