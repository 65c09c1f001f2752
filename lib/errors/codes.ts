/**
 * The whole error taxonomy. `status` and `title` go out as RFC 9457 problem+json; `retryable` says whether the same
 * request may succeed later unchanged; `expose: false` sends the title and the request id only.
 */
export const ERROR_CODES = {
  invalid_request: { status: 422, title: "The request is not valid", retryable: false, expose: true },
  malformed_json: { status: 400, title: "The body is not JSON", retryable: false, expose: true },
  malformed_protocol: {
    status: 400,
    title: "The body does not follow the protocol",
    retryable: false,
    expose: true,
  },
  invalid_utf8: { status: 400, title: "The body is not UTF-8", retryable: false, expose: true },
  invalid_encoding: { status: 400, title: "The compressed body is damaged", retryable: false, expose: true },
  duplicate_name: { status: 422, title: "An object has two members of one name", retryable: false, expose: true },
  inexact_number: {
    status: 422,
    title: "A number would not survive storage unchanged",
    retryable: false,
    expose: true,
  },
  invalid_query: { status: 400, title: "The query is not valid", retryable: false, expose: true },
  window_required: { status: 400, title: "A time window is required", retryable: false, expose: true },
  invalid_cursor: { status: 400, title: "The cursor is not one of ours", retryable: false, expose: true },
  unauthenticated: { status: 401, title: "Sign in or send an API key", retryable: false, expose: true },
  forbidden: { status: 403, title: "Not allowed", retryable: false, expose: true },
  not_found: { status: 404, title: "Not found", retryable: false, expose: true },
  method_not_allowed: { status: 405, title: "This address does not take that method", retryable: false, expose: true },
  timeout: { status: 408, title: "The request took too long to arrive", retryable: true, expose: true },
  conflict: { status: 409, title: "That is already taken", retryable: false, expose: true },
  source_unreachable: { status: 409, title: "The data source cannot be used", retryable: true, expose: true },
  idempotency_conflict: { status: 409, title: "The same id was used for another body", retryable: false, expose: true },
  cursor_expired: { status: 410, title: "The cursor is older than what is kept", retryable: false, expose: true },
  payload_too_large: { status: 413, title: "The request is too large", retryable: false, expose: true },
  unsupported_media_type: {
    status: 415,
    title: "That content type or encoding is not taken",
    retryable: false,
    expose: true,
  },
  rate_limited: { status: 429, title: "Too many requests", retryable: true, expose: true },
  internal: { status: 500, title: "Something went wrong on our side", retryable: true, expose: false },
  unavailable: { status: 503, title: "The log cannot be written or read right now", retryable: true, expose: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean; expose: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;
