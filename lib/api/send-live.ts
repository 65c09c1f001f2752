import "server-only";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { LIVE_TAKEN_WITHIN_MS } from "@/lib/contracts/live-limits";
import { AppError } from "@/lib/errors/app-error";
import { logger } from "@/lib/observability/logger";
import type { LiveStep } from "@/lib/query/live";
import type { ApiContext } from "./context";
import { baseHeaders, requestIdOf } from "./reply";
import { written } from "./written";

/** Server-Sent Events (WHATWG HTML §9.2). `no-transform` (RFC 9111 §5.2.2.6): what compresses on the way would hold rows back. */
const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "private, no-store, no-transform",
  "x-accel-buffering": "no",
};
/** How long a browser waits before it comes back, ms. */
const RETRY = "retry: 1000\n";

/**
 * One step as it is sent. A row carries the place after it. A place by itself is an event without data: a client keeps its id
 * as the last one (§9.2.6) and dispatches nothing.
 */
function textOf({ rows, cursor }: LiveStep): string {
  const events = rows.map((row) => `id: ${row.cursor}\nevent: row\ndata: ${row.json}\n\n`).join("");
  return rows.at(-1)?.cursor === cursor ? events : `${events}id: ${cursor}\n\n`;
}

/** Ends with the client, and with the server. */
function endOf({ env: { outgoing } }: ApiContext, stop: AbortSignal) {
  const over = new AbortController();
  const end = () => over.abort(new Error("the stream is over"));
  outgoing.once("close", end);
  stop.addEventListener("abort", end, { once: true });
  if (outgoing.destroyed || stop.aborted) end();
  const forget = () => {
    outgoing.off("close", end);
    stop.removeEventListener("abort", end);
  };
  return { signal: over.signal, forget };
}

/** A fault after the first byte: the client comes back with its last id, and is then told what is wrong. */
function endAfter(c: ApiContext, error: unknown, signal: AbortSignal): void {
  const { outgoing, incoming } = c.env;
  if (error instanceof DOMException && error.name === "TimeoutError") {
    // What it has not taken would stand in memory until it does.
    incoming.socket.resetAndDestroy();
    return;
  }
  const isExpected = signal.aborted || (error instanceof AppError && error.status < 500);
  if (!isExpected) logger().error({ err: error, request_id: requestIdOf(c) }, "live stream ended");
  outgoing.end();
}

export interface LiveSending {
  /** The server stops: open streams end, new ones are refused. */
  stop: AbortSignal;
  /** Tests set a shorter one. */
  takenWithinMs?: number;
}

/**
 * Answers with events as they come, each at the client's pace: the next step is asked for when this one is on its way. A fault
 * before the first byte is an ordinary problem.
 */
export async function sendLive(
  c: ApiContext,
  make: (signal: AbortSignal) => AsyncGenerator<LiveStep, void>,
  { stop, takenWithinMs = LIVE_TAKEN_WITHIN_MS }: LiveSending,
): Promise<Response> {
  if (stop.aborted)
    throw new AppError("unavailable", {
      detail: "The server is stopping. Ask again in a moment.",
      retryAfterSeconds: 1,
      closeConnection: true,
    });
  const { outgoing } = c.env;
  const { signal, forget } = endOf(c, stop);
  const taking = { signal, pieceWithinMs: takenWithinMs };
  const steps = make(signal);
  try {
    const first = await steps.next();
    outgoing.writeHead(200, { ...baseHeaders(c), ...HEADERS });
    if (c.req.method !== "HEAD") {
      if (!first.done) await written(outgoing, RETRY + textOf(first.value), taking);
      for await (const step of steps) await written(outgoing, textOf(step), taking);
    }
    outgoing.end();
  } catch (error) {
    if (!outgoing.headersSent && !signal.aborted) throw error;
    endAfter(c, error, signal);
  } finally {
    forget();
    await steps.return();
  }
  return RESPONSE_ALREADY_SENT;
}
