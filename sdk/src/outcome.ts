import { cut } from "./cut.ts";
import type { Outcome } from "./event.ts";

/** What is known when a call has ended; the body is not touched. */
export interface CallResult {
  method: string;
  /** As it was called, not masked. */
  url: string;
  /** Absent where no response came. */
  status?: number;
  /** What the fetch threw. */
  error?: unknown;
  headers?: Headers;
}

/** 401 and 403: refused. 407: refused by a proxy. 451: refused for legal reasons. */
const DENIALS = new Set([401, 403, 407, 451]);

/**
 * - `success`: a response with a status below 400.
 * - `policy_denial`: 401, 403, 407, 451; also a call that the `policy` hook refused, which was then not made.
 * - `provider_error`: every other status from 400 on: 404, 409, 429, all 5xx.
 * - `network_error`: no response: no such host, refused, reset, TLS, a timeout, an abort.
 */
export function outcomeOf(result: CallResult): Outcome {
  if (result.status === undefined) return "network_error";
  if (result.status < 400) return "success";
  return DENIALS.has(result.status) ? "policy_denial" : "provider_error";
}

/** A short code and a sentence for what a fetch threw; the address in it is replaced by its masked form. */
export function describeError(error: unknown, url: string, masked: string): { code: string; message: string } {
  const thrown = error as { name?: unknown; message?: unknown; code?: unknown; cause?: unknown } | undefined;
  const cause = thrown?.cause as { code?: unknown; message?: unknown; name?: unknown } | undefined;
  const codes = [cause?.code, typeof thrown?.code === "string" ? thrown.code : undefined, thrown?.name, cause?.name];
  const code = codes.find((one) => typeof one === "string" && one !== "") ?? "Error";
  const message = [thrown?.message ?? String(error), cause?.message].filter(Boolean).join(": ");
  return { code: cut(String(code), 512), message: cut(message.replaceAll(url, masked), 8_192) };
}
