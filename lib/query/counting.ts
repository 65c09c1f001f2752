import "server-only";
import type { Granted } from "@/lib/access/granted";
import { narrowed } from "@/lib/filters/narrow";
import { findKind, kinds } from "@/lib/log-kinds/registry";
import { headsOf } from "./log";
import { readPlan } from "./read-plan";
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

export interface CountRequest {
  ctx: Granted<"events:read">;
  query: CountQuery;
  fields: readonly string[];
  /** Groups of so many minutes, from `originMinute`. */
  groupMinutes: number;
  originMinute: number;
}

interface Plan extends CountRequest {
  logIds: number[];
  /** Nothing came after the snapshot that was asked for. */
  atHead: boolean;
}

function tallyRows(plan: Plan, sample: Pick<Sample, "rows">): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { row, occurredAtMicros } of sample.rows) {
    const at = Math.floor(occurredAtMicros / MINUTE_MICROS) - plan.originMinute;
    const minute = Math.floor(at / plan.groupMinutes) * plan.groupMinutes + plan.originMinute;
    for (const field of plan.fields) {
      // A row has nothing to say of the fields of other kinds, as in the roll-up.
      if (field !== "*" && !(field in row)) continue;
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
  return rollup({
    logIds: plan.logIds,
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
    // Counts are not pinned: they are exact for a snapshot only while nothing came after it.
    exact: ends.every((end) => end.complete) && plan.atHead,
  };
}

/**
 * Something is filtered: the rows themselves where they are few. Else the minutes that the newest rows cover whole are
 * counted from them and tell the share that matches; older minutes are that share of what the roll-up says they hold.
 */
async function countMatching(plan: Plan): Promise<Tallies> {
  const sample = await sampleRows(plan.ctx, plan.query);
  if (sample.complete) return { tallies: tallyRows(plan, sample), exact: true };
  const cutMinute = Math.floor(sample.reachedMicros / MINUTE_MICROS);
  const end = Math.ceil(plan.query.toMicros / MINUTE_MICROS);
  const whole = sample.rows.filter((row) => row.occurredAtMicros >= (cutMinute + 1) * MINUTE_MICROS);
  // All in one minute: their share of that minute is the best guess there is.
  const measured =
    whole.length > 0
      ? { rows: whole, from: cutMinute + 1, to: end }
      : { rows: sample.rows, from: cutMinute, to: cutMinute + 1 };
  const sum = (tallies: Tally[]) => tallies.reduce((total, tally) => total + tally.n, 0);
  const total = Math.max(measured.rows.length, sum(await rolledUp(plan, measured.from, measured.to, ["*"])));
  const older = await rolledUp(plan, Math.floor(plan.query.fromMicros / MINUTE_MICROS), cutMinute + 1, ["*"]);
  const shares = sharesOf(tallyRows(plan, measured), total);
  const guessed = older.flatMap(({ minute, n }) => shares.map((share) => ({ ...share, minute, n: share.n * n })));
  return { tallies: [...(whole.length > 0 ? tallyRows(plan, { rows: whole }) : []), ...guessed], exact: false };
}

/** Per field and value: the share of all rows that it has, at most 1. */
function sharesOf(tallies: readonly Tally[], total: number): Tally[] {
  const shares = new Map<string, Tally>();
  for (const tally of tallies) {
    const key = `${tally.field}\n${tally.val}`;
    const share = shares.get(key) ?? { ...tally, n: 0 };
    share.n = Math.min(1, share.n + tally.n / total);
    shares.set(key, share);
  }
  return [...shares.values()];
}

/**
 * Counts of `fields` over the query's window, in groups of `groupMinutes` from `originMinute`.
 * @throws AppError 400 `invalid_cursor` for a snapshot of other apps
 */
export async function count(request: CountRequest): Promise<Tallies> {
  const { ctx } = request;
  const query = narrowed(request.query);
  const { logs, asOf } = await readPlan(ctx, query);
  const heads = await headsOf(logs.map((log) => log.id));
  const atHead = !query.asOf || [...heads].every(([id, head]) => (asOf.get(id) ?? 0) >= head);
  const plan = { ...request, query, logIds: logs.map((log) => log.id), atHead };
  return query.filter.length === 0 ? countAll(plan) : countMatching(plan);
}

const chosen = (kind: string | undefined) =>
  kind === undefined ? kinds : [findKind(kind)].filter((one) => one !== undefined);

/** Fields that are counted for a kind, or for all of them. */
export function facetFields(kind: string | undefined): string[] {
  return [
    ...new Set(chosen(kind).flatMap((one) => one.fields.filter((field) => field.facet).map((field) => field.name))),
  ];
}

/** Fields that say how a row of a kind, or of any, ended. */
export function outcomeFields(kind: string | undefined): string[] {
  return [...new Set(chosen(kind).flatMap((one) => one.outcome ?? []))];
}
