// What is known of a query's fields without the redactor: browsers read this, too.

/** Most characters of an error message and of a reason, in UTF-16 units. */
export const MESSAGE_MAX = 8_192;
export const REASON_MAX = 2_048;

/** Fields that are a code: they are not redacted, so they must not be able to quote a literal. */
export const CODES = ["query_type", "error_code"] as const;

/** What a code may be. */
export const CODE = /^[A-Za-z0-9_ .:-]{0,64}$/;

export const CODE_FAULT = "must be at most 64 letters, digits, spaces and _ . : -";
