// The module `@affidavit/sdk/redact`: what the server does to SQL, for programs that want to do it themselves.
export type { Dialect } from "../../lib/redact/dialects/dialects.ts";
export { type Digits, MOST_TEXT, type Redacted, redactMessage, redactSql } from "../../lib/redact/redact.ts";
