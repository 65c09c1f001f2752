import "server-only";
import type { Granted } from "@/lib/access/granted";
import { findKind, kinds } from "@/lib/log-kinds/registry";
import { headsOf, logsOfApps } from "./log";
import { rollup } from "./rollup";
import { type Sample, sampleRows } from "./sample";
import type { SearchQuery } from "./search-query";

export type CountQuery = Omit<SearchQuery, "limit" | "cursor">;

/** One counted group: rows of `field = val` (roll-up form) at `minute`. `n` may be a fraction in an estimate. */
export interface Tally {
  field: string;
  val: string;
  minute: number;
  n: number;
}

export interface Tallies {
  tallies: Tally[];
  exact: boolean;
}

const MINUTE_MICROS = 60_000_000;

interface Plan {
  ctx: Granted<"events:read">;
  query: CountQuery;
  fields: readonly string[];
  /** Groups of so many minutes, from `originMinute`. */
  groupMinutes: number;
  originMinute: number;
}

function tallyRows(plan: Plan, sample: Sample): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { row, occurredAtMicros } of sample.rows) {
    const at = Math.floor(occurredAtMicros / MINUTE_MICROS) - plan.originMinute;
    const minute = Math.floor(at / plan.groupMinutes) * plan.groupMinutes + plan.originMinute;
    for (const field of plan.fields) {
      const value = row[field];
      const val = field === "*" || value == null ? "" : `=${value}`;
      const key = `${field}\n${minute}\n${val}`;
      const tally = tallies.get(key) ?? { field, val, minute, n: 0 };
      tally.n += 1;
      tallies.set(key, tally);
    }
  }
  return [...tallies.values()];
}

async function rolledUp(plan: Plan, fromMinute: number, toMinute: number, fields = plan.fields): Promise<Tally[]> {
  const logs = await logsOfApps(plan.ctx, plan.query.appIds);
  return rollup({
    logIds: logs.map((log) => log.id),
    kinds: plan.query.kind ? [plan.query.kind] : kinds.map((kind) => kind.id),
    fields,
    fromMinute,
    toMinute,
    groupMinutes: plan.groupMinutes,
    originMinute: plan.originMinute,
  });
}

/** Nothing is filtered: the roll-up for whole minutes, the rows themselves for the cut minutes at both ends. */
async function countAll(plan: Plan): Promise<Tallies> {
  const { fromMicros, toMicros } = plan.query;
  const first = Math.ceil(fromMicros / MINUTE_MICROS);
  const last = Math.max(first, Math.floor(toMicros / MINUTE_MICROS));
  const edges = [
    { fromMicros, toMicros: Math.min(toMicros, first * MINUTE_MICROS) },
    { fromMicros: Math.max(last, first) * MINUTE_MICROS, toMicros },
  ].filter((edge) => edge.fromMicros < edge.toMicros);
  const [middle, ...ends] = await Promise.all([
    rolledUp(plan, first, last),
    ...edges.map((edge) => sampleRows(plan.ctx, { ...plan.query, ...edge })),
  ]);
  return {
    tallies: [...middle, ...ends.flatMap((end) => tallyRows(plan, end))],
    exact: ends.every((end) => end.complete) && (await isAtHead(plan)),
  };
}

/** Counts are not pinned: they are exact for a snapshot only while nothing came after it. */
async function isAtHead({ ctx, query }: Plan): Promise<boolean> {
  if (!query.asOf) return true;
  const logs = await logsOfApps(ctx, query.appIds);
  const heads = await headsOf(logs.map((log) => log.id));
  return [...heads].every(([id, head]) => (query.asOf?.get(id) ?? 0) >= head);
}

/**
 * Something is filtered: the rows themselves where they are few; else the newest ones tell the share that matches, and the
 * roll-up how many rows there are to take that share of.
 */
async function countMatching(plan: Plan): Promise<Tallies> {
  const sample = await sampleRows(plan.ctx, plan.query);
  if (sample.complete) return { tallies: tallyRows(plan, sample), exact: true };
  const reached = Math.ceil(sample.reachedMicros / MINUTE_MICROS);
  const end = Math.ceil(plan.query.toMicros / MINUTE_MICROS);
  const sum = (tallies: Tally[]) => tallies.reduce((total, tally) => total + tally.n, 0);
  const older = await rolledUp(plan, Math.floor(plan.query.fromMicros / MINUTE_MICROS), reached, ["*"]);
  const seen = Math.max(1, sum(await rolledUp(plan, reached, end, ["*"])));
  const known = tallyRows(plan, sample);
  const shares = new Map<string, Tally>();
  for (const tally of known) {
    const key = `${tally.field}\n${tally.val}`;
    const share = shares.get(key) ?? { ...tally, n: 0 };
    share.n += tally.n / seen;
    shares.set(key, share);
  }
  const guessed = older.flatMap(({ minute, n }) =>
    [...shares.values()].map((share) => ({ ...share, minute, n: share.n * n })),
  );
  return { tallies: [...known, ...guessed], exact: false };
}

/** Counts of `fields` over the query's window, in groups of `groupMinutes` from `originMinute`. */
export function count(plan: Plan): Promise<Tallies> {
  return plan.query.filter.length === 0 ? countAll(plan) : countMatching(plan);
}

/** Fields that are counted for a kind, or for all of them. */
export function facetFields(kind: string | undefined): string[] {
  const chosen = kind === undefined ? kinds : [findKind(kind)].filter((one) => one !== undefined);
  return [...new Set(chosen.flatMap((one) => one.fields.filter((field) => field.facet).map((field) => field.name)))];
}
