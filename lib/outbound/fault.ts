import "server-only";

/** Why a destination could not be used. */
export type OutboundFaultCode =
  | "host_malformed"
  | "host_not_found"
  | "address_not_allowed"
  | "refused"
  | "timed_out"
  | "broken_off"
  | "tls_not_offered"
  | "tls_certificate"
  | "tls_failed"
  | "credentials"
  | "password_missing"
  | "not_admitted"
  | "database_missing"
  | "busy"
  | "too_large"
  | "other";

export class OutboundFault extends Error {
  readonly code: OutboundFaultCode;

  constructor(code: OutboundFaultCode, cause?: unknown) {
    super(code, { cause });
    this.name = "OutboundFault";
    this.code = code;
  }
}
