import type { Receipt } from "./event.ts";

export interface Fault {
  /** Which part of what was sent: RFC 6901. */
  pointer: string;
  message: string;
}

/** The first few, as the end of a message. */
export function describeFaults(faults: readonly Fault[] = []): string {
  return faults
    .slice(0, 3)
    .map(({ pointer, message }) => ` ${pointer} ${message}.`)
    .join("");
}

/** RFC 9457 problem document, as the server answers every failure. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  request_id?: string;
  errors?: Fault[];
  [extra: string]: unknown;
}

/**
 * What went wrong: the server's own code (lib/errors/codes.ts there, `invalid_request`, `rate_limited`, …), or one of the
 * client's:
 *
 * - `network_error`: no answer (refused, reset, no such host); `timeout`: none in time. The server may have stored the
 *   events all the same; sending them again with the same ids is safe.
 * - `unexpected_answer`: whoever answered is not Affidavit: a proxy, an ingress. `redirected`: it lives at another address.
 * - `invalid_event`: an event that is no JSON. `payload_too_large`: it has more bytes than the server takes.
 * - `closed`: the client was closed. `aborted`: the caller's signal.
 * - `spool_locked`, `spool_full`, `spool_expired`, `spool_damaged`, `spool_unwritable`, `no_spool`: see docs/sdk.md.
 * - `audit_failed`, `policy_denied`: of `auditedFetch`.
 * - `gap_in_tail`: the server left a row out, which it must never do.
 */
export type AffidavitErrorCode = string;

export interface AffidavitErrorOptions {
  code: AffidavitErrorCode;
  /** HTTP status, where there was an answer. */
  status?: number;
  problem?: Problem;
  /** The server asks to wait so long. */
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
  /**
   * Of a `record` that was too large for one request and failed in a part: a receipt for each event that was taken all
   * the same, in the order of the events; undefined for the others.
   */
  receipts?: readonly (Receipt | undefined)[];
}

/** Whatever this package throws. Go by `code`. */
export class AffidavitError extends Error {
  override readonly name: string = "AffidavitError";
  readonly code: AffidavitErrorCode;
  readonly status: number | undefined;
  readonly problem: Problem | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly receipts: readonly (Receipt | undefined)[] | undefined;
  /** @internal */
  readonly options: AffidavitErrorOptions;

  constructor(message: string, options: AffidavitErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.options = options;
    this.code = options.code;
    this.status = options.status;
    this.problem = options.problem;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.receipts = options.receipts;
  }

  /** Whether the very same request may succeed later: no answer, 408, 425, 429 and 5xx. */
  get retryable(): boolean {
    if (this.status === undefined) return this.code === "network_error" || this.code === "timeout";
    return this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }

  /**
   * Whether the events may wait for a better answer: the very same request may succeed later, or something else stands in
   * the server's place. @internal
   */
  get isOutage(): boolean {
    return this.retryable || this.code === "unexpected_answer";
  }

  /**
   * Whether the server itself refused the events, so that sending them again unchanged is in vain. The status alone does
   * not say it: a proxy has its own 400, 413 and 422.
   */
  get refusesEvents(): boolean {
    return this.problem !== undefined && [400, 409, 413, 415, 422].includes(this.status ?? 0);
  }
}
