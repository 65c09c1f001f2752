import { elementsOf } from "@/lib/filters/matches";
import type { ElementFilters, FieldDef, KindDef, KindDocument } from "@/lib/log-kinds/define";
import { fold } from "@/lib/log-kinds/fold";
import { continueHash, type Hash64, startHash } from "./hash";
import { cutWords, textsOf, wordsOf } from "./words";

/**
 * Terms: 64-bit hashes of `log|field=value` that one GIN index finds rows by. Made here only, never in SQL. A collision
 * cannot show a wrong row, because every reader re-checks its rows against the conditions.
 */
export const ABSENT = "∅";

const HOUR_MICROS = 3_600_000_000;

/** Four buckets per power of two: 0 → -1, 1 → 0, 2 → 4, … */
export function bucketOf(value: number): number {
  return value < 1 ? -1 : Math.floor(4 * Math.log2(value));
}

export interface TermSource {
  id: string;
  fields: KindDocument;
  occurredAtMicros: number;
}

type Emit = (key: string, value: string) => void;

function emitField(field: FieldDef, row: TermSource, emit: Emit): void {
  const value = row.fields[field.name];
  if (value === undefined || value === null) {
    if (field.facet) emit(field.name, ABSENT);
  } else if (Array.isArray(value)) {
    for (const element of new Set(value.map((one) => fold(String(one))))) emit(field.name, element);
  } else if (typeof value === "number") {
    emit(field.name, String(value));
    if (field.numeric) emit(`${field.name}~`, `${bucketOf(value)}@${Math.floor(row.occurredAtMicros / HOUR_MICROS)}`);
  } else {
    emit(field.name, fold(String(value)));
  }
}

export const pairKey = ([one, other]: ElementFilters["pair"]) => `${one}+${other}`;
export const pairValue = (one: string, other: string) => `${one}\u241f${other}`;

/** Each element's members, and its pair: rows where two values stand in different elements must not be looked through. */
function emitElements(among: ElementFilters, row: TermSource, emit: Emit): void {
  const distinct = new Map<string, [string, string]>();
  const add = (key: string, value: string) => distinct.set(`${key}=${value}`, [key, value]);
  for (const element of elementsOf(row.fields, among)) {
    const values = new Map<string, string>();
    for (const { name, member } of among.filters) {
      const value = element[member];
      if (value === undefined || value === null) continue;
      values.set(name, fold(String(value)));
      add(name, fold(String(value)));
    }
    const [one, other] = among.pair.map((name) => values.get(name));
    if (one !== undefined && other !== undefined) add(pairKey(among.pair), pairValue(one, other));
  }
  for (const [key, value] of distinct.values()) emit(key, value);
}

/** Which fields of a kind make which terms; looked up once per kind. */
interface Plan {
  filtered: FieldDef[];
  worded: string[];
}
const plans = new WeakMap<KindDef, Plan>();

function planOf(kind: KindDef): Plan {
  let plan = plans.get(kind);
  if (!plan) {
    plan = {
      filtered: kind.fields.filter((field) => field.filter),
      worded: kind.fields.filter((field) => field.words).map((field) => field.name),
    };
    plans.set(kind, plan);
  }
  return plan;
}

/** Tells `emit` every `key=value` of one row, before hashing: what the index knows about it. */
export function eachTerm(kind: KindDef, row: TermSource, emit: Emit): void {
  const { filtered, worded } = planOf(kind);
  emit("id", row.id);
  for (const field of filtered) emitField(field, row, emit);
  for (const among of kind.elementFilters ?? []) emitElements(among, row, emit);
  const texts: string[] = [];
  for (const name of worded) {
    const value = row.fields[name];
    if (typeof value === "string") texts.push(value);
    else if (value !== undefined) texts.push(...textsOf(value));
  }
  const words = wordsOf(texts);
  for (const word of words.found) emit("text", word);
  if (words.cut) emit("text", cutWords);
}

/** States after `log|key=`, since the same few keys start every term of a log. Keys come from declarations: they are few. */
const starts = new Map<number, Map<string, Hash64>>();
const LOGS_MAX = 2_000;

function startsOf(logId: number): Map<string, Hash64> {
  let ofLog = starts.get(logId);
  if (!ofLog) {
    if (starts.size >= LOGS_MAX) starts.clear();
    ofLog = new Map();
    starts.set(logId, ofLog);
  }
  return ofLog;
}

function startOf(ofLog: Map<string, Hash64>, logId: number, key: string): Hash64 {
  let start = ofLog.get(key);
  if (!start) {
    start = startHash(`${logId}|${key}=`);
    ofLog.set(key, start);
  }
  return start;
}

const scratch: Hash64 = { high: 0, low: 0 };

/** The term of one `key=value` in one log, as PostgreSQL's bigint (signed). */
export function term(logId: number, key: string, value: string): bigint {
  continueHash(startOf(startsOf(logId), logId, key), value, scratch);
  return bigintOf(scratch.high, scratch.low);
}

const bigintOf = (high: number, low: number) => (BigInt(high) << 32n) | BigInt(low >>> 0);

/** What termsOf gives, as text for PostgreSQL. */
export function termTexts(halves: Int32Array): string[] {
  return Array.from({ length: halves.length / 2 }, (_, index) =>
    bigintOf(halves[2 * index] as number, halves[2 * index + 1] as number).toString(),
  );
}

/** All terms of one row: high and low 32 bits in turn. */
export function termsOf(logId: number, kind: KindDef, row: TermSource): Int32Array {
  const halves: number[] = [];
  const ofLog = startsOf(logId);
  eachTerm(kind, row, (key, value) => {
    continueHash(startOf(ofLog, logId, key), value, scratch);
    halves.push(scratch.high, scratch.low);
  });
  return Int32Array.from(halves);
}
