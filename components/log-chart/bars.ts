import type { z } from "zod";
import type { HistogramAnswer } from "@/lib/contracts/events";
import { type OutcomeTone, outcomeTone } from "../log-table/outcome";

type Answer = z.output<typeof HistogramAnswer>;

export interface TimeRange {
  /** RFC 3339 UTC, inclusive. */
  from: string;
  /** Exclusive. */
  to: string;
}

/** The rows of a stretch of time. */
export interface Bar extends TimeRange {
  count: number;
  byOutcome: Readonly<Record<string, number>>;
}

/** From the baseline up: failures stand on it, so that they are compared with each other and not with what went through. */
export const TONES: readonly OutcomeTone[] = ["red", "amber", "plain"];

const earlier = (a: number, b: number) => new Date(Math.min(a, b)).toISOString();
const later = (a: number, b: number) => new Date(Math.max(a, b)).toISOString();

/** The bars of an answer. The first and the last bucket reach outside of the window: rows there are not in it. */
export function barsOf({ buckets, bucket_seconds }: Answer, window: TimeRange): Bar[] {
  const [first, end] = [Date.parse(window.from), Date.parse(window.to)];
  return buckets.map(({ from, count, by_outcome }) => {
    const start = Date.parse(from);
    const byOutcome = Object.fromEntries(Object.entries(by_outcome).filter(([, n]) => n > 0));
    return { from: later(start, first), to: earlier(start + bucket_seconds * 1_000, end), count, byOutcome };
  });
}

/** Bars next to each other as one. @param a index of one end, inclusive; @param b of the other */
export function together(bars: readonly Bar[], a: number, b: number): Bar | undefined {
  const some = bars.slice(Math.min(a, b), Math.max(a, b) + 1);
  const [first, last] = [some[0], some.at(-1)];
  if (!first || !last) return undefined;
  const byOutcome: Record<string, number> = {};
  for (const bar of some) {
    for (const [outcome, n] of Object.entries(bar.byOutcome)) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + n;
  }
  return { from: first.from, to: last.to, count: some.reduce((sum, { count }) => sum + count, 0), byOutcome };
}

/** Rows of a bar that have one tone. */
function ofTone({ byOutcome }: Bar, tone: OutcomeTone): number {
  return Object.entries(byOutcome).reduce((sum, [outcome, n]) => sum + (outcomeTone(outcome) === tone ? n : 0), 0);
}

/** One failure among ten thousand calls is still to be seen. */
const LEAST_PX = 2;

/** Heights of a bar's parts from the baseline up, px. @param most rows of the highest bar, which fills `px` */
export function heightsOf(bar: Bar, most: number, px: number): number[] {
  const heights = TONES.map((tone) => {
    const rows = ofTone(bar, tone);
    return rows === 0 ? 0 : Math.max(LEAST_PX, (rows / most) * px);
  });
  const over = heights.reduce((sum, one) => sum + one, 0) - px;
  if (over <= 0) return heights;
  // What the small parts were given is taken from the largest, and nothing stands out at the top.
  const largest = heights.indexOf(Math.max(...heights));
  return heights.map((one, index) => (index === largest ? one - over : one));
}

/** Of a bar's width, which is 1. */
const GAP = 0.16;

/** One SVG path a tone, in a box as wide as there are bars and `px` high: three elements instead of three hundred. */
export function pathsOf(bars: readonly Bar[], px: number): Record<OutcomeTone, string> {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const paths: Record<OutcomeTone, string> = { red: "", amber: "", plain: "" };
  for (const [index, bar] of bars.entries()) {
    let top = px;
    for (const [at, height] of heightsOf(bar, most, px).entries()) {
      const tone = TONES[at];
      if (!tone || height === 0) continue;
      top -= height;
      paths[tone] += `M${index + GAP / 2} ${top.toFixed(2)}h${1 - GAP}v${height.toFixed(2)}h${GAP - 1}z`;
    }
  }
  return paths;
}

/** Which bar lies under a place. @param share of the way from the left edge to the right one */
export function indexAt(share: number, bars: number): number {
  return Math.min(bars - 1, Math.max(0, Math.floor(share * bars)));
}
