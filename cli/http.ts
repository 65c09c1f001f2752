import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as delay } from "node:timers/promises";

export interface HttpAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface HttpRequest {
  method: "GET" | "POST" | "DELETE";
  headers: Record<string, string>;
  /** JSON. */
  body?: string;
  signal?: AbortSignal;
  /** Without a byte for so long, the other side is taken for gone. Default: a minute. */
  timeoutMs?: number;
}

/** Most bytes of an answer that are held: a page of 250 rows of the largest kind has 64 MiB. */
const ANSWER_BYTES_MAX = 80 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };

/**
 * One request, up to the head of its answer. Not `fetch`: that unpacks what an address that somebody typed answers,
 * follows redirects with the key in the headers, and drops trailers.
 * @throws Error of node:http where no answer came; AbortError
 */
export function openRequest(
  url: URL,
  { method, headers, body, signal, timeoutMs = TIMEOUT_MS }: HttpRequest,
): Promise<http.IncomingMessage> {
  const isTls = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const request = (isTls ? https : http).request(url, {
      method,
      agent: agents[isTls ? "https:" : "http:"],
      timeout: timeoutMs,
      signal,
      headers: {
        ...headers,
        ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    request.on("error", reject);
    request.on("response", resolve);
    request.end(body);
  });
}

/** The rest of an answer as text. @throws Error where it breaks off or is too long */
export async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error("the answer is too long");
    chunks.push(chunk as Buffer);
  }
  if (!response.complete) throw new Error("the answer was cut off");
  return Buffer.concat(chunks).toString("utf8");
}

/** One request and its whole answer. @throws as openRequest and readText */
export async function exchange(url: URL, request: HttpRequest): Promise<HttpAnswer> {
  const response = await openRequest(url, request);
  const body = await readText(response);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Statuses after which the very same request may succeed. */
const RETRYABLE = new Set([408, 429, 502, 503, 504]);
const RETRY_MS_MAX = 30_000;
const RETRY_AFTER_SECONDS_MAX = 120;

interface Aborting {
  signal?: AbortSignal | undefined;
}

export interface RetryOptions {
  /** In all; 1: never again. */
  attemptsMax: number;
  /** Told before each pause, ms. */
  onRetry?: ((why: string, pauseMs: number) => void) | undefined;
  wait?: ((ms: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
}

const pause = (ms: number, signal?: AbortSignal) => delay(ms, undefined, { signal });

/** Why an answer that may be worth another try failed, and how long the server asks to wait, ms. */
function reasonOf(answer: HttpAnswer) {
  const asked = Number(answer.headers["retry-after"]);
  return {
    why: (parseObject<Problem>(answer.body)?.detail ?? `status ${answer.status}`).replace(/\.$/, ""),
    askedMs: asked > 0 ? Math.min(asked, RETRY_AFTER_SECONDS_MAX) * 1000 : undefined,
  };
}

/**
 * Asks again while the server is busy or away, after as long as the server asks, else with growing pauses. The last
 * attempt's answer is handed on whatever it is.
 * @param ask one request; its answer as far as it failed is what `failureOf` finds
 * @throws Error of node:http of the last attempt; AbortError
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  failureOf: (answer: T) => HttpAnswer | undefined,
  options: RetryOptions & Aborting,
): Promise<T> {
  const { attemptsMax, onRetry, wait = pause, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    let why: string;
    let askedMs: number | undefined;
    try {
      const answer = await ask();
      const failure = failureOf(answer);
      if (!failure || !RETRYABLE.has(failure.status) || attempt >= attemptsMax) return answer;
      ({ why, askedMs } = reasonOf(failure));
    } catch (error) {
      if (signal?.aborted || attempt >= attemptsMax) throw error;
      why = messageOf(error);
    }
    const pauseMs = askedMs ?? Math.min(RETRY_MS_MAX, 500 * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
    onRetry?.(why, pauseMs);
    await wait(pauseMs, signal);
  }
}

/** What a failing answer of `/v1` holds (RFC 9457). */
export interface Problem {
  code?: string;
  detail?: string;
  request_id?: string;
  errors?: { pointer: string; message: string }[];
}

/** An object out of JSON; undefined for anything else. */
export function parseObject<T>(body: string): T | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Some errors of node:net have only a code. */
export const messageOf = (error: unknown): string =>
  (error as Error).message || String((error as NodeJS.ErrnoException).code);
