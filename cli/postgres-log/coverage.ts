import type { PairingCounts } from "./pairing";
import type { LogRecord } from "./record";

const CHANGED = /^parameter "(\w+)" changed to "(.*)"$/;
/** Records after which a log that tells no duration will hardly do so. */
const RECORDS_ENOUGH = 200;
const ADVICE =
  "Set log_min_duration_statement = 0 (and lc_messages = 'C') in postgresql.conf and reload the server: select pg_reload_conf().";

/** What the log itself says of settings with which statements are not recorded; undefined: nothing. */
export function warnOfSetting({ message }: LogRecord): string | undefined {
  const [, name, value = ""] = CHANGED.exec(message) ?? [];
  if (name !== "log_min_duration_statement") return undefined;
  if (value === "-1") return `log_min_duration_statement is -1: no statement will be recorded. ${ADVICE}`;
  if (value === "0") return undefined;
  return `log_min_duration_statement is ${value}: only statements that take so long will be recorded. ${ADVICE}`;
}

/** Why so much of a log makes no rows; undefined: it does, or it is too early to say. */
export function warnOfSilence(counts: PairingCounts, hasDurations: boolean): string | undefined {
  if (hasDurations) return undefined;
  if (counts.textless > 0)
    return `The log tells durations without their statements (log_duration alone): they cannot be recorded. ${ADVICE}`;
  if (counts.unfinished > 0)
    return `The log tells statements without their durations (log_statement alone): they are not recorded. ${ADVICE}`;
  if (counts.records >= RECORDS_ENOUGH)
    return `The log tells no durations: only errors, and what pgaudit tells, are recorded. ${ADVICE}`;
  return undefined;
}
