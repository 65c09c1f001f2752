import { type OutcomeTone, outcomeTone, outcomeWord } from "../log-table/outcome";
import { rowNoun } from "../log-table/row-noun";
import { dayOf } from "../log-table/time-text";
import { counted, grouped } from "../ui/amounts";
import { type Bar, type TimeRange, TONES } from "./bars";

const UNITS = [
  { seconds: 31_536_000, one: "year" },
  { seconds: 86_400, one: "day" },
  { seconds: 3_600, one: "hour" },
  { seconds: 60, one: "minute" },
];

/** How long a bar is: `15 minutes`, `1 day`. */
export function lengthText(seconds: number): string {
  const unit = UNITS.find((one) => seconds % one.seconds === 0);
  return unit ? counted(seconds / unit.seconds, unit.one) : counted(seconds, "second");
}

/** `14:15`, with seconds where they are not zero. */
function clockOf(time: string): string {
  return time.slice(17, 19) === "00" ? time.slice(11, 16) : time.slice(11, 19);
}

/** `24 Nov 2026, 14:15 to 14:30 UTC`; the second day only where it is another. */
export function rangeText({ from, to }: TimeRange): string {
  const [first, last] = [dayOf(from), dayOf(to)];
  const end = first === last ? clockOf(to) : `${last}, ${clockOf(to)}`;
  return `${first}, ${clockOf(from)} to ${end} UTC`;
}

export interface Counted {
  /** Only rows that match a filter were counted. */
  filtered: boolean;
  /** Counted, not estimated from a sample. */
  exact: boolean;
}

/** `12 rows`, `about 1,204 matching rows`. */
export function totalText(count: number, { filtered, exact }: Counted): string {
  const text = counted(count, rowNoun(filtered));
  return exact ? text : `about ${text}`;
}

export interface Part {
  outcome: string;
  tone: OutcomeTone;
  /** `3 Policy denial`. */
  text: string;
}

/** What a count is made of, failures first. Nothing where no row of the bar tells how it ended. */
export function partsOf({ byOutcome }: Pick<Bar, "byOutcome">): Part[] {
  const outcomes = Object.entries(byOutcome);
  if (outcomes.every(([outcome]) => outcome === "none")) return [];
  return outcomes
    .map(([outcome, n]) => ({ outcome, n, tone: outcomeTone(outcome) }))
    .sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone) || b.n - a.n || (a.outcome < b.outcome ? -1 : 1))
    .map(({ outcome, n, tone }) => ({ outcome, tone, text: `${grouped(n)} ${wordOf(outcome)}` }));
}

function wordOf(outcome: string): string {
  if (outcome === "none") return "without an outcome";
  return outcome === "…" ? "other" : outcomeWord(outcome);
}

/** A bar as one sentence, for screen readers. */
export function barSentence(bar: Bar, how: Counted): string {
  const parts = partsOf(bar).map(({ text }) => text);
  const what = parts.length > 0 ? `: ${parts.join(", ")}` : "";
  return `${rangeText(bar)}, ${bar.count === 0 ? "no rows" : totalText(bar.count, how)}${what}`;
}
