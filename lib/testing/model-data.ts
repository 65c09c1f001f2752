import fc from "fast-check";
import { formatMicros } from "@/lib/log-kinds/time";
import type { ModelRow } from "./model";
import { ageLog, coverPast, type Past } from "./past";

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const DAYS = 45;

/** Values that differ in case only, that are absent, that are rare, that are equal in two fields. */
export const VALUES: Record<string, readonly (string | undefined)[]> = {
  outcome: ["success", "success", "success", "policy_denial", "provider_error", "network_error"],
  provider_id: ["google", "Google", "GOOGLE", "stripe", "é", "É", undefined],
  tool: ["find", "find", "Find", "send", undefined, undefined, undefined],
  caller: ["worker", "cron", "WORKER", undefined],
  reason: ["rare one", ...Array.from({ length: 60 }, () => "common")],
};

const fields = fc.record({
  ...Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, fc.constantFrom(...values)])),
  response_status: fc.constantFrom(200, 200, 200, 404, 500, undefined),
  resolved_user_ids: fc.constantFrom(undefined, ["u1"], ["u1", "U2"], ["u3"]),
});
/** How long before its submission an event happened, µs: mostly just now, some days, a few weeks; a few lie ahead. */
const lateness = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 2 * HOUR }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 4 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: -20 * HOUR, max: 0 }) },
);
const event = fc.record({ fields, lateness, coarse: fc.nat(2) });
const batch = fc.record({ events: fc.array(event, { minLength: 1, maxLength: 14 }), at: fc.nat(DAY - 1) });

export interface ModelData {
  rows: ModelRow[];
  /** Start and end of everything, µs. */
  fromMicros: number;
  toMicros: number;
}

interface Batch {
  at: number;
  events: { fields: Record<string, unknown>; lateness: number; coarse: number }[];
}

function eventsOf({ events }: Batch, now: number): Record<string, unknown>[] {
  return events.map((one) => {
    const exact = now - one.lateness;
    // A third falls on whole hours, so that times are often equal, within a log and between logs.
    const occurred = one.coarse === 0 ? Math.floor(exact / HOUR) * HOUR : exact;
    const present = Object.entries(one.fields).filter(([, value]) => value !== undefined);
    return { kind: "call", occurred_at: formatMicros(occurred), ...Object.fromEntries(present) };
  });
}

/** Rows of 45 days in several logs, through the real append, with partitions of a day and of a week. */
export async function plantModel(past: Past, appIds: readonly string[], seed: number): Promise<ModelData> {
  const end = Math.floor((Date.now() * 1000) / DAY) * DAY;
  const begin = end - DAYS * DAY;
  await coverPast(past.client, begin - DAY, 15, 1);
  await coverPast(past.client, begin + 15 * DAY, DAYS - 15, 7);
  const rows: ModelRow[] = [];
  for (const [index, appId] of appIds.entries()) {
    const log = await ageLog(past.client, appId, begin - DAY);
    const batches = (
      fc.sample(fc.array(batch, { minLength: 2, maxLength: 4 }), { numRuns: DAYS, seed: seed + index }) as Batch[][]
    )
      .flatMap((many, day) => many.map((one) => ({ ...one, now: begin + day * DAY + one.at })))
      .sort((a, b) => a.now - b.now);
    for (const one of batches) {
      const events = eventsOf(one, one.now);
      const placed = await past.appendAt(one.now, log, events);
      rows.push(...placed.map((row, at) => ({ ...row, appId, logId: log.id, fields: events[at] ?? {} })));
    }
  }
  return { rows, fromMicros: begin - 30 * DAY, toMicros: end + DAY };
}
