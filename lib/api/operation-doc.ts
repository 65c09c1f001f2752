import "server-only";
import type { ErrorCode } from "@/lib/errors/codes";

/** What the reference says of each operation; the routes name theirs by its id. OpenAPI and /docs/api print it. */
export const TAGS = {
  Write: "Rows go in. An answer of 201 means that they are committed.",
  Read: "Rows come out: all of them in commit order, or those of a time window that match a filter.",
  Export: "Rows as a file.",
  Applications: "One application, one log.",
  "API keys": "What programs sign in with.",
  "Data sources": "Databases whose use is audited, and what they hold.",
} as const;
type Tag = keyof typeof TAGS;

export interface OperationDoc {
  tag: Tag;
  /** One line, without a full stop. */
  summary: string;
  /** What a caller must know. Paragraphs are separated by an empty line; `code` is the only mark. */
  description: string;
  /** What may go wrong beside the faults of every operation (COMMON_ERRORS). */
  errors: readonly ErrorCode[];
  /** Of the sample request: its query string and its body. */
  sample: { query?: string; body?: unknown };
}

export const BODY_ERRORS: readonly ErrorCode[] = [
  "malformed_json",
  "invalid_utf8",
  "invalid_encoding",
  "duplicate_name",
  "inexact_number",
  "invalid_request",
  "payload_too_large",
  "unsupported_media_type",
  "timeout",
];
