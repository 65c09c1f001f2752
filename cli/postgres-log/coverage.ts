import type { PairingCounts } from "./pairing";
import type { LogRecord } from "./record";

/** After a reload, of a parameter that was set anew, or is not in the files any more. */
const CHANGED =
  /^parameter "log_min_duration_statement" (?:changed to "(.*)"|removed from configuration file, reset to default)$/;
/** Records after which a log that tells no duration will hardly do so. */
const RECORDS_ENOUGH = 200;
const ADVICE =
  "Set log_min_duration_statement = 0 (and lc_messages = 'C') in postgresql.conf and reload the server: select pg_reload_conf().";

/** What it means where nobody set it. */
const DEFAULT = "-1";

function sentenceOf(value: string): string {
  if (value === "0") return "log_min_duration_statement is 0 now: every statement is recorded.";
  if (value === "-1") return `log_min_duration_statement is -1: no statement will be recorded. ${ADVICE}`;
  return `log_min_duration_statement is ${value}: only statements that take so long will be recorded. ${ADVICE}`;
}

/** What the log itself says of a setting with which statements are not recorded. */
export class SettingsSeen {
  private seen = "0";
  private told = "0";

  take({ message }: LogRecord): void {
    const change = CHANGED.exec(message);
    // As it was written, also with a unit: 0ms.
    if (change) this.seen = (change[1] ?? DEFAULT).replace(/^0\s*[a-z]+$/, "0");
  }

  /** Tells the newest value, once: a warning, or that it is over. */
  tell(warn: (text: string) => void): void {
    if (this.seen === this.told) return;
    this.told = this.seen;
    warn(sentenceOf(this.seen));
  }
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
