import * as http from "node:http";
import * as https from "node:https";
import { AffidavitError, describeFaults, type Problem } from "./error.ts";

/** Longest answer that is read, bytes: a page of 1,000 rows of the largest kind. */
const ANSWER_BYTES_MAX = 300 * 1024 * 1024;
/** Longest wait that is believed of a Retry-After. */
const RETRY_AFTER_SECONDS_MAX = 3_600;

export interface Ask {
  method: "GET" | "POST";
  /** Path and query under the server's address. */
  path: string;
  /** JSON. */
  body?: string;
  /** Until the last byte of the answer, ms. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/**
 * HTTP to one server with one key. Not `fetch`: that follows redirects with the key in its headers and unpacks whatever
 * an address answers.
 */
export class Connection {
  private readonly agent: http.Agent;
  private readonly base: URL;
  private readonly apiKey: string;
  private isClosed = false;

  constructor(url: string | URL, apiKey: string) {
    this.base = new URL(url);
    if (!/^https?:$/.test(this.base.protocol)) throw new TypeError(`url must begin with http:// or https://: ${url}`);
    if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError("apiKey must be an API key, such as afd_live_…");
    this.apiKey = apiKey;
    this.agent = new (this.base.protocol === "https:" ? https : http).Agent({ keepAlive: true });
  }

  /** A JSON answer with a 2xx status. @throws AffidavitError for anything else */
  async json<T>(ask: Ask): Promise<T> {
    const answer = await this.answer(ask);
    const value = parseObject(answer.text);
    if (answer.status >= 200 && answer.status < 300 && value) return value as T;
    throw this.failure(answer, value);
  }

  /** Breaks off what is under way, too. */
  close(): void {
    this.isClosed = true;
    this.agent.destroy();
  }

  private async answer(ask: Ask): Promise<Answer> {
    try {
      return await this.once(ask);
    } catch (error) {
      // The server may close an idle connection in the very moment in which we use it: that is no outage.
      if (this.isClosed || !(error instanceof StaleConnection)) throw error;
      return this.once(ask);
    }
  }

  private once({ method, path, body, timeoutMs, signal }: Ask): Promise<Answer> {
    const url = new URL(this.base.pathname.replace(/\/$/, "") + path, this.base);
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "https:" ? https : http).request(url, {
        method,
        agent: this.agent,
        headers: {
          authorization: `Bearer ${this.apiKey}`,
          accept: "application/json",
          ...(body === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        },
      });
      const timer = setTimeout(() => request.destroy(timedOut(this.base, timeoutMs)), timeoutMs);
      const abort = () => request.destroy(new AffidavitError("Aborted by the caller.", { code: "aborted" }));
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      const fail = (error: Error) => reject(networkError(this.base, error, request.reusedSocket));
      request.on("error", fail);
      request.on("response", (response) => {
        readAnswer(response, request).then(resolve, fail);
      });
      request.on("close", () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      });
      request.end(body);
    });
  }

  private failure(answer: Answer, problem: Problem | undefined): AffidavitError {
    const { status, headers, text } = answer;
    const where = `${this.base.origin} answered ${status}`;
    const retryAfterSeconds = retryAfter(headers["retry-after"]);
    if (status >= 300 && status < 400) {
      return new AffidavitError(`${this.base.origin} redirects to ${headers.location}: give that address as url.`, {
        code: "redirected",
        status,
      });
    }
    if (problem && isProblem(answer, problem)) {
      const faults = describeFaults(problem.errors);
      return new AffidavitError(`${where} ${problem.code}: ${problem.detail ?? problem.title}${faults}`, {
        code: problem.code,
        status,
        problem,
        retryAfterSeconds,
      });
    }
    return new AffidavitError(`${where}, not as Affidavit does: ${text.slice(0, 200)}`, {
      code: "unexpected_answer",
      status,
      retryAfterSeconds,
    });
  }
}

class StaleConnection extends AffidavitError {}

function timedOut(base: URL, timeoutMs: number): AffidavitError {
  return new AffidavitError(`${base.origin} did not answer within ${timeoutMs} ms.`, { code: "timeout" });
}

function networkError(base: URL, cause: Error, isReused: boolean): AffidavitError {
  if (cause instanceof AffidavitError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  const message = `${base.origin} cannot be reached: ${cause.message || code}.`;
  const Kind = isReused && (code === "ECONNRESET" || code === "EPIPE") ? StaleConnection : AffidavitError;
  return new Kind(message, { code: "network_error", cause });
}

async function readAnswer(response: http.IncomingMessage, request: http.ClientRequest): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error("the answer is too long"));
    else chunks.push(chunk);
  }
  if (!response.complete) throw Object.assign(new Error("the answer was cut off"), { code: "ECONNABORTED" });
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString("utf8") };
}

function parseObject(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** What every failing answer of Affidavit is, by RFC 9457; a JSON object of a proxy is none. */
export function isProblem(
  { status, headers }: { status: number; headers: { readonly "content-type"?: string | undefined } },
  value: Problem,
): value is Problem & { code: string } {
  const [type] = (headers["content-type"] ?? "").split(";");
  return status >= 400 && type?.trim().toLowerCase() === "application/problem+json" && typeof value.code === "string";
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(header: string | undefined): number | undefined {
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(RETRY_AFTER_SECONDS_MAX, Math.max(0, seconds)) : undefined;
}
