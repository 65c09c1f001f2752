import "server-only";
import type { Granted } from "@/lib/access/granted";
import { formatTime } from "@/lib/log-kinds/time";
import { recordView } from "@/lib/system-audit/reading";
import { type CountQuery, count, outcomeFields } from "./counting";

export interface Histogram {
  bucket_seconds: number;
  buckets: { from: string; count: number; by_outcome: Record<string, number> }[];
  exact: boolean;
}

/** Bucket widths that people read easily, minutes. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 10_080, 43_200, 129_600, 525_600];
const MINUTE_MICROS = 60_000_000;

function widthFor(minutes: number, buckets: number): number {
  return WIDTHS.find((width) => minutes / width <= buckets) ?? Math.ceil(minutes / buckets / 525_600) * 525_600;
}

/** Rows over time, at most about `buckets` buckets that start at whole multiples of their width; empty ones are there too. */
export async function histogramOf(
  ctx: Granted<"events:read">,
  query: CountQuery & { buckets: number },
): Promise<Histogram> {
  const firstMinute = Math.floor(query.fromMicros / MINUTE_MICROS);
  const endMinute = Math.ceil(query.toMicros / MINUTE_MICROS);
  const width = widthFor(endMinute - firstMinute, query.buckets);
  const originMinute = Math.floor(firstMinute / width) * width;
  const { tallies, exact } = await count({
    ctx,
    query,
    fields: ["*", ...outcomeFields(query.kind)],
    groupMinutes: width,
    originMinute,
  });
  recordView(ctx, query);
  const buckets = new Map<number, Record<string, number>>();
  for (let minute = originMinute; minute < endMinute; minute += width) buckets.set(minute, {});
  for (const { field, minute, val, n } of tallies) {
    const bucket = buckets.get(minute);
    // What no outcome claims has none: absent ones, and kinds that know of none.
    const outcome = field === "*" ? "none" : val.slice(1);
    if (!bucket || outcome === "") continue;
    bucket[outcome] = (bucket[outcome] ?? 0) + n;
    if (field !== "*") bucket.none = (bucket.none ?? 0) - n;
  }
  return {
    bucket_seconds: width * 60,
    buckets: [...buckets].map(([minute, outcomes]) => {
      const rounded = Object.fromEntries(
        Object.entries(outcomes)
          .map(([outcome, n]) => [outcome, Math.max(0, Math.round(n))] as const)
          .filter(([outcome, n]) => outcome !== "none" || n > 0),
      );
      return {
        from: formatTime(minute * MINUTE_MICROS),
        count: Object.values(rounded).reduce((sum, n) => sum + n, 0),
        by_outcome: rounded,
      };
    }),
    exact,
  };
}
