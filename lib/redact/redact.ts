import { randomInt } from "node:crypto";
import { copyDataStart } from "./copy-data.ts";
import { deadline } from "./deadline.ts";
import { type Dialect, readingsOf } from "./dialects/dialects.ts";
import { inOnePart, MESSAGE } from "./message.ts";
import type { CompiledReading } from "./reading.ts";
import { type Digits, render } from "./render.ts";
import { scan } from "./scan.ts";
import { secretWords } from "./secret-words.ts";
import { type Spans, TokenClass, unite } from "./spans.ts";

export type { Digits } from "./render.ts";

/** The version of the rules, kept with each redacted text. */
const ENGINE = "1.1.0";

/** The longest text that is read, in UTF-16 units; a longer one is hidden whole. */
export const MOST_TEXT = 262_144;

/** How much processor time reading one text may take, in ms; then it is hidden whole. Waiting for a processor does not count. */
const MOST_TIME = 100;

export interface Redacted {
  readonly text: string;
  readonly redaction: {
    readonly engine: string;
    readonly dialect: Dialect;
    /**
     * `full`: every reading came to the end. `failed_closed`: the whole text, or the text from some place on, is hidden since
     * a reading met what it does not know or what has no end.
     */
    readonly verdict: "full" | "failed_closed";
  };
}

const anyDigit: Digits = () => randomInt(10);

/**
 * A SQL text without its literals, numbers and comments. Never throws.
 * @param digit where the same text must come out alike twice: digits that depend on anything but the text
 */
export function redactSql(text: string, dialect: Dialect, digit: Digits = anyDigit): Redacted {
  const find = () => hidden(text, readingsOf(dialect), copyDataStart(text));
  return redact(text, { dialect, digit, find });
}

/** An error message, which may quote SQL and values in any kind of quotes. Otherwise like `redactSql`. */
export function redactMessage(text: string, dialect: Dialect, digit: Digits = anyDigit): Redacted {
  const find = () => {
    const { spans, doubtful } = hidden(text, [...readingsOf(dialect), MESSAGE], -1);
    return { spans: inOnePart(text, spans), doubtful };
  };
  return redact(text, { dialect, digit, find });
}

interface Hidden {
  readonly spans: Spans;
  readonly doubtful: boolean;
}

interface Work {
  readonly dialect: Dialect;
  readonly digit: Digits;
  readonly find: () => Hidden;
}

function redact(text: string, { dialect, digit, find }: Work): Redacted {
  const redaction = { engine: ENGINE, dialect };
  try {
    if (text.length <= MOST_TEXT) {
      const { spans, doubtful } = find();
      return {
        text: render(text, spans, digit),
        redaction: { ...redaction, verdict: doubtful ? "failed_closed" : "full" },
      };
    }
  } catch {
    // What happened does not matter, and its message may quote the text: fail closed.
  }
  return { text: "'literal_string'", redaction: { ...redaction, verdict: "failed_closed" } };
}

/** What any of the readings hides, secrets that are bare words, and all from `dataStart` on, which is no SQL. */
function hidden(text: string, readings: readonly CompiledReading[], dataStart: number): Hidden {
  const clock = deadline(MOST_TIME);
  const sql = dataStart < 0 ? text : text.slice(0, dataStart);
  let spans: Spans = [];
  let doubtful = false;
  for (const reading of readings) {
    if (!applies(reading, sql)) continue;
    const scanned = scan(sql, reading, clock);
    spans = unite(spans, scanned.spans);
    doubtful ||= scanned.doubtful;
  }
  spans = unite(spans, secretWords(sql, spans));
  if (dataStart >= 0) spans.push(dataStart, text.length, TokenClass.string);
  return { spans, doubtful };
}

function applies(reading: CompiledReading, sql: string): boolean {
  for (const character of reading.onlyWith) {
    if (!sql.includes(character)) return false;
  }
  return true;
}
