import { requestText, responseText } from "./captured-body.ts";
import type { Affidavit } from "./client.ts";
import { cut } from "./cut.ts";
import { AffidavitError } from "./error.ts";
import type { CallEvent, CallFields, Outcome } from "./event.ts";
import { type CallResult, describeError, outcomeOf } from "./outcome.ts";
import { headersForRow, maskUrl } from "./sensitive.ts";

type Fetch = typeof globalThis.fetch;
type Computed =
  | "method"
  | "url"
  | "response_status"
  | "latency_ms"
  | "outcome"
  | "request_headers"
  | "response_headers"
  | "request_body"
  | "response_body"
  | "error_code"
  | "error_message";
/** What the caller knows about a call and the wire does not say. */
export type CallAttributes = Omit<CallFields, Computed>;

/** A call that is about to be made. */
export interface PlannedCall {
  method: string;
  url: string;
  headers: Headers;
}

export interface AuditedFetchOptions extends CallAttributes {
  client: Affidavit;
  /**
   * Where the row cannot be written to the server: `throw` (default) fails the call, and the error says whether it was made;
   * `spool` keeps the row on disk and lets the call succeed. The client must then have a spool.
   */
  onAuditFailure?: "throw" | "spool";
  /** Asked before each call. With `deny` the call is not made, and a row says so. What it throws counts as a denial too. */
  policy?: (call: PlannedCall) => PolicyDecision | undefined | Promise<PolicyDecision | undefined>;
  /** Fields for one call, such as its `reason`; they go before those above. */
  perCall?: (call: PlannedCall) => CallAttributes;
  /** Decides otherwise than the rules of `outcomeOf`; undefined leaves it to them. */
  outcome?: (result: CallResult) => Outcome | undefined;
  /** Keep the beginning of the bodies, if they are text; default neither. They are not searched for secrets. */
  bodies?: { request?: boolean; response?: boolean };
  /** Further headers whose values must not leave the process. */
  stripHeaders?: readonly string[];
}

export interface PolicyDecision {
  /** Why not. */
  deny: string;
  policy_id?: string;
}

/** What became of the HTTP call whose audit row could not be written. */
export interface AttemptedCall {
  /** Whether the request was sent, or at least tried. */
  made: boolean;
  method: string;
  /** Masked. */
  url: string;
  status?: number;
  /** What the fetch, or the policy, threw. */
  error?: unknown;
}

/** `audit_failed`: the row could not be written, so the call fails. `cause` says why; `call`, whether it was made. */
export class AuditFailure extends AffidavitError {
  override readonly name = "AuditFailure";
  readonly call: AttemptedCall;

  constructor(call: AttemptedCall, cause: AffidavitError) {
    const made = call.made
      ? `was made${call.status === undefined ? " and got no response" : ` and answered ${call.status}`}`
      : "was not made";
    super(`${call.method} ${call.url} ${made}; its audit row could not be written: ${cause.message}`, {
      code: "audit_failed",
      cause,
    });
    this.call = call;
  }
}

/** `policy_denied`: the policy hook refused the call, which was not made. Its row is written. */
export class PolicyDenied extends AffidavitError {
  override readonly name = "PolicyDenied";

  constructor(call: PlannedCall, decision: PolicyDecision, cause?: unknown) {
    super(`${call.method} ${maskUrl(call.url)} was not made: ${decision.deny}`, { code: "policy_denied", cause });
  }
}

const URL_LENGTH_MAX = 8_192;
const POLICY_ERROR_LENGTH_MAX = 4_096;

function planned(input: Parameters<Fetch>[0], init: RequestInit | undefined): PlannedCall {
  const request = typeof input === "object" && "url" in input ? input : undefined;
  const raw = request?.url ?? String(input);
  let headers: Headers;
  try {
    headers = new Headers(init?.headers ?? request?.headers);
  } catch {
    headers = new Headers(); // The fetch itself will say what is wrong with them.
  }
  return {
    method: (init?.method ?? request?.method ?? "GET").toUpperCase(),
    url: URL.canParse(raw) ? new URL(raw).href : raw,
    headers,
  };
}

/** One call on its way. */
class Audit {
  readonly call: PlannedCall;
  private readonly options: AuditedFetchOptions;
  private readonly also: ReadonlySet<string>;
  private readonly row: CallEvent;
  private readonly started = performance.now();

  constructor(call: PlannedCall, options: AuditedFetchOptions) {
    const { client, onAuditFailure, policy, perCall, outcome, bodies, stripHeaders, ...attributes } = options;
    this.call = call;
    this.options = options;
    this.also = new Set((stripHeaders ?? []).map((name) => name.toLowerCase()));
    this.row = {
      kind: "call",
      occurred_at: new Date().toISOString(),
      ...attributes,
      ...perCall?.(call),
      method: call.method,
      url: cut(maskUrl(call.url), URL_LENGTH_MAX),
      request_headers: headersForRow(call.headers, this.also),
      outcome: "network_error",
    };
  }

  /** @throws PolicyDenied after its row was written; AuditFailure */
  async askPolicy(): Promise<void> {
    const { policy } = this.options;
    if (!policy) return;
    let decision: PolicyDecision | undefined;
    let cause: unknown;
    try {
      decision = await policy(this.call);
    } catch (error) {
      cause = error;
      decision = { deny: error instanceof Error ? error.message : String(error) };
    }
    if (!decision) return;
    const denied = new PolicyDenied(this.call, decision, cause);
    this.row.outcome = "policy_denial";
    this.row.policy_error = cut(decision.deny, POLICY_ERROR_LENGTH_MAX);
    if (decision.policy_id !== undefined) this.row.policy_id = decision.policy_id;
    await this.write({ made: false, error: denied });
    throw denied;
  }

  sent(body: unknown): void {
    if (this.options.bodies?.request) this.row.request_body = requestText(body);
  }

  /** @throws AuditFailure */
  async answered(response: Response): Promise<void> {
    const { status, headers } = response;
    this.ended();
    this.row.response_status = status;
    this.row.response_headers = headersForRow(headers, this.also);
    if (response.redirected) this.row.context = { ...this.row.context, redirected_to: maskUrl(response.url) };
    this.decide({ status, headers });
    if (this.options.bodies?.response) this.row.response_body = await responseText(response);
    await this.write({ made: true, status });
  }

  /** @throws AuditFailure */
  async failed(error: unknown): Promise<void> {
    this.ended();
    const { code, message } = describeError(error, this.call.url, maskUrl(this.call.url));
    this.row.error_code = code;
    this.row.error_message = message;
    this.decide({ error });
    await this.write({ made: true, error });
  }

  private ended(): void {
    this.row.latency_ms = Math.round(performance.now() - this.started);
  }

  private decide(ended: Pick<CallResult, "status" | "error" | "headers">): void {
    const result: CallResult = { method: this.call.method, url: this.call.url, ...ended };
    this.row.outcome = outcomeOf(result);
    try {
      this.row.outcome = this.options.outcome?.(result) ?? this.row.outcome;
    } catch (error) {
      // The call was made: its row must not be lost to a fault in the hook.
      process.emitWarning(`The outcome hook failed: ${error}`, { code: "AFFIDAVIT_OUTCOME" });
    }
  }

  private async write(became: Omit<AttemptedCall, "method" | "url">): Promise<void> {
    this.row.latency_ms ??= Math.round(performance.now() - this.started);
    const { client, onAuditFailure = "throw" } = this.options;
    try {
      await client.record(this.row, { onFailure: onAuditFailure });
    } catch (error) {
      if (!(error instanceof AffidavitError)) throw error;
      throw new AuditFailure({ ...became, method: this.call.method, url: maskUrl(this.call.url) }, error);
    }
  }
}

/**
 * A fetch that writes one row for every call made with it, before the caller gets the response. Redirects that the fetch
 * follows are part of the one call. The row says how the call ended up to the response's headers: later the call could no
 * longer fail where its row cannot be written. A body that breaks off is not in it (docs/sdk.md).
 * @param fetch any function with the shape of `fetch`
 * @throws TypeError where a spool is asked for and the client has none
 */
export function auditedFetch(fetch: Fetch, options: AuditedFetchOptions): Fetch {
  if (options.onAuditFailure === "spool" && !options.client.hasSpool)
    throw new TypeError('onAuditFailure: "spool" needs a client with a spool');
  return async (input, init) => {
    const audit = new Audit(planned(input, init), options);
    await audit.askPolicy();
    audit.sent(init?.body);
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      await audit.failed(error);
      throw error;
    }
    try {
      await audit.answered(response);
    } catch (error) {
      // Nobody will read it: its connection must not stay open.
      await response.body?.cancel().catch(() => {});
      throw error;
    }
    return response;
  };
}
