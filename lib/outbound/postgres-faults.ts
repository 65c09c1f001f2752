import "server-only";
import pg from "pg";
import { OutboundFault, type OutboundFaultCode } from "./fault";

/** What Node, its TLS and PostgreSQL (SQLSTATE) say, as our own faults. */
const CODES: Record<string, OutboundFaultCode> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  EADDRNOTAVAIL: "refused",
  ETIMEDOUT: "timed_out",
  ECONNRESET: "broken_off",
  EPIPE: "broken_off",
  EPROTO: "tls_failed",
  CERT_CHAIN_TOO_LONG: "tls_certificate",
  CERT_HAS_EXPIRED: "tls_certificate",
  CERT_NOT_YET_VALID: "tls_certificate",
  CERT_REJECTED: "tls_certificate",
  CERT_REVOKED: "tls_certificate",
  CERT_SIGNATURE_FAILURE: "tls_certificate",
  CERT_UNTRUSTED: "tls_certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls_certificate",
  HOSTNAME_MISMATCH: "tls_certificate",
  INVALID_CA: "tls_certificate",
  INVALID_PURPOSE: "tls_certificate",
  PATH_LENGTH_EXCEEDED: "tls_certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "tls_certificate",
  UNABLE_TO_GET_ISSUER_CERT: "tls_certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls_certificate",
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: "tls_certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls_certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls_certificate",
  "28P01": "credentials",
  "28000": "not_admitted",
  "42501": "not_admitted",
  "3D000": "database_missing",
  "53300": "busy",
  "57P03": "busy",
  "57014": "timed_out",
};

/** The driver's own words where it has no code. */
const TEXTS: readonly [RegExp, OutboundFaultCode][] = [
  [/does not support SSL connections/, "tls_not_offered"],
  [/establishing an SSL connection/, "tls_failed"],
  [/^Connection terminated/, "broken_off"],
  [/SASL|password|authentication/i, "credentials"],
];

/** What went wrong, for whoever can mend it. Words of the other side are kept as the cause and shown to nobody. */
export function faultOf(error: unknown): OutboundFault {
  if (error instanceof OutboundFault) return error;
  const { code, message = "", cause } = error as { code?: string; message?: string; cause?: unknown };
  if (cause instanceof OutboundFault) return cause;
  const known = code === undefined ? undefined : CODES[code];
  if (known) return new OutboundFault(known, error);
  if (code?.startsWith("ERR_SSL") || code?.startsWith("ERR_TLS")) return new OutboundFault("tls_failed", error);
  const said = TEXTS.find(([text]) => text.test(message))?.[1];
  return new OutboundFault(said ?? "other", error);
}

/** Whether an error came from the other side or on the way there, rather than from whoever asked. */
export function isFromServer(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return true;
  const { code, message = "" } = error as { code?: string; message?: string };
  return (code !== undefined && code in CODES) || /^Connection terminated/.test(message);
}
