import type { Problem } from "@/lib/errors/problem";

/** What a failed request is shown as. */
export interface Failure {
  title: string;
  detail: string;
  requestId: string | undefined;
  /** The session is over: only signing in helps. */
  signedOut: boolean;
  retryable: boolean;
  /** What was asked is no question: one sentence per part of it that the server does not take. Else none. */
  faults: readonly string[];
}

/** A request that failed, with what the server said about it. */
class RequestError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.name = "RequestError";
    this.failure = failure;
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === "object" && body !== null && "title" in body && "detail" in body && "request_id" in body;

function faultsOf({ code, errors, detail }: Problem): string[] {
  if (code !== "invalid_query") return [];
  return errors.length > 0 ? errors.map(({ pointer, message }) => `${pointer} ${message}`) : [detail];
}

const RETRYABLE = [408, 429, 502, 503, 504];

/** What a response that is no answer is told as. `body` undefined: none, or not JSON. */
export function fromResponse(response: Response, body: unknown): RequestError {
  const common = { signedOut: response.status === 401, retryable: RETRYABLE.includes(response.status) };
  if (isProblem(body)) {
    return new RequestError({
      ...common,
      title: body.title,
      detail: body.detail,
      requestId: body.request_id,
      faults: faultsOf(body),
    });
  }
  return new RequestError({
    ...common,
    title: `The server answered ${response.status}`,
    detail: "The answer is not one of ours; something between this browser and the server may have sent it.",
    requestId: response.headers.get("x-request-id") ?? undefined,
    faults: [],
  });
}

/** GET from our own API. @throws RequestError when nobody answers, or the abort of `signal` */
export async function ask(path: string, accept: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, { signal, headers: { accept } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError({
      title: "The server cannot be reached",
      detail: "Check the connection, then try again.",
      requestId: undefined,
      signedOut: false,
      retryable: true,
      faults: [],
    });
  }
}

/** GET a JSON document from our own API. @throws RequestError, or the abort of `signal` */
export async function fetchJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await ask(path, "application/json", signal);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok || body === undefined) throw fromResponse(response, body);
  return body as T;
}

/** What to show for anything that was thrown while asking. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RequestError) return error.failure;
  return {
    title: "Something went wrong in this page",
    detail: "Reload it.",
    requestId: undefined,
    signedOut: false,
    retryable: false,
    faults: [],
  };
}
