import { outsideSystemOf } from "./actor";
import type { Row } from "./kind-view";

/** What an administrator reads of a check of settings (lib/data-sources/coverage.ts), by its level. */
const CHECKED: Readonly<Record<string, string>> = {
  ok: "Settings checked: everything is recorded",
  warning: "Settings checked: not everything is recorded",
  error: "Settings checked: nothing is recorded",
};

/** Kinds of fault of a connection (lib/outbound/fault.ts, lib/data-sources/connect.ts). */
const FAULTS: Readonly<Record<string, string>> = {
  host_malformed: "no name or address of a host",
  host_not_found: "no host of that name",
  address_not_allowed: "an address that this server may not connect to",
  refused: "nothing takes connections there",
  timed_out: "no answer in time",
  broken_off: "the connection was closed at once",
  tls_not_offered: "no TLS offered",
  tls_certificate: "the certificate is not trusted",
  tls_failed: "no encrypted connection came about",
  credentials: "the password was refused, or there is no such role",
  password_missing: "a password is asked for, and none is kept",
  not_admitted: "the server does not let this role in",
  database_missing: "no such database",
  busy: "no further connection taken",
  too_large: "too much was sent",
  too_many_columns: "too many columns",
  not_stored: "it was read, and could not be stored",
  other: "another fault",
};

const wordOf = (words: Readonly<Record<string, string>>, value: unknown): string | undefined =>
  typeof value === "string" && Object.hasOwn(words, value) ? words[value] : undefined;

/** What codes of our own acts mean, and which members of `details` they are. Undefined where there are none. */
export function codeWords(row: Row): { words: string; names: readonly string[] } | undefined {
  const { details } = row;
  if (typeof details !== "object" || details === null || outsideSystemOf(row) !== undefined) return undefined;
  const { what, level, fault } = details as Readonly<Record<string, unknown>>;
  const isCheck = row.event === "data_source.tested" && what === "coverage";
  const checked = isCheck ? wordOf(CHECKED, level) : undefined;
  if (checked !== undefined) return { words: checked, names: ["what", "level"] };
  const why = wordOf(FAULTS, fault);
  if (why === undefined) return undefined;
  return isCheck
    ? { words: `Settings not checked: ${why}`, names: ["what", "fault"] }
    : { words: `Failed: ${why}`, names: ["fault"] };
}
