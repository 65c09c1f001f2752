/**
 * What a run did, in the order in which it happened, and the judge of it (reliability.md 4.1). Producers and pollers of one
 * run live in one process, so the place in `entries` is the real-time order.
 */
export type Entry =
  | { what: "sent"; id: string }
  | { what: "acked"; id: string; seq: number; createdAt: string }
  /** Its transaction was rolled back: nothing of it may be stored unless it is sent again. */
  | { what: "rolled back"; id: string }
  | { what: "read"; poller: string; id: string; seq: number; createdAt: string }
  /** The poller begins anew from a stored cursor: the row after `seq` is next. */
  | { what: "restarted"; poller: string; seq: number };

/** A row as the table holds it. */
export interface StoredPlace {
  id: string;
  seq: number;
  createdAt: string;
}

export type Rule = "lost" | "moved" | "doubled" | "unsent" | "gap" | "order" | "missed" | "not +1" | "misread";
export interface Finding {
  rule: Rule;
  message: string;
}

type Acked = Extract<Entry, { what: "acked" }>;
type Read = Extract<Entry, { what: "read" }>;

/** Every acknowledged id is stored, where the answer said; also when several answers named it. */
function* checkAcknowledged(acked: readonly Acked[], byId: ReadonlyMap<string, StoredPlace>): Generator<Finding> {
  for (const { id, seq, createdAt } of acked) {
    const row = byId.get(id);
    if (!row) yield { rule: "lost", message: `${id} was acknowledged at ${seq} and is not stored` };
    else if (row.seq !== seq || row.createdAt !== createdAt) {
      yield {
        rule: "moved",
        message: `${id} was acknowledged at ${seq}, ${createdAt} and is stored at ${row.seq}, ${row.createdAt}`,
      };
    }
  }
}

/** One seq per id, and seq is 0…n−1; created_at rises with it. */
function* checkStored(stored: readonly StoredPlace[]): Generator<Finding> {
  const ids = new Set<string>();
  let before = "";
  for (const [index, row] of stored.entries()) {
    if (ids.has(row.id)) yield { rule: "doubled", message: `${row.id} is stored twice, the second time at ${row.seq}` };
    ids.add(row.id);
    if (row.seq !== index) yield { rule: "gap", message: `place ${index} holds seq ${row.seq}` };
    if (row.createdAt <= before) yield { rule: "order", message: `created_at does not rise at ${row.seq}` };
    before = row.createdAt;
  }
}

/** Nothing is stored that was not sent, or that was sent only in transactions that were rolled back. */
function* checkSent(entries: readonly Entry[], stored: readonly StoredPlace[]): Generator<Finding> {
  const open = new Map<string, number>();
  for (const entry of entries) {
    if (entry.what === "sent") open.set(entry.id, (open.get(entry.id) ?? 0) + 1);
    else if (entry.what === "rolled back") open.set(entry.id, (open.get(entry.id) ?? 0) - 1);
  }
  for (const { id, seq } of stored) {
    if ((open.get(id) ?? 0) < 1) yield { rule: "unsent", message: `${id} at ${seq} was never sent, or rolled back` };
  }
}

/** What was acknowledged before something was first sent has the smaller seq. */
function* checkRealTime(entries: readonly Entry[], byId: ReadonlyMap<string, StoredPlace>): Generator<Finding> {
  let acknowledged = -1;
  const known = new Set<string>();
  for (const entry of entries) {
    if (entry.what === "acked") acknowledged = Math.max(acknowledged, entry.seq);
    if (entry.what !== "sent" || known.has(entry.id)) continue;
    known.add(entry.id);
    const row = byId.get(entry.id);
    if (row && row.seq <= acknowledged) {
      yield {
        rule: "order",
        message: `${entry.id} was sent after ${acknowledged} was acknowledged and has ${row.seq}`,
      };
    }
  }
}

function* checkReads(entries: readonly Entry[], poller: string, stored: readonly StoredPlace[]): Generator<Finding> {
  let expected = 0;
  const seen = new Set<string>();
  const bySeq = new Map(stored.map((row) => [row.seq, row]));
  for (const entry of entries) {
    if (entry.what === "restarted" && entry.poller === poller) expected = entry.seq + 1;
    if (entry.what !== "read" || entry.poller !== poller) continue;
    if (entry.seq !== expected) {
      yield { rule: "not +1", message: `${poller} read ${entry.seq} where ${expected} was next` };
    }
    expected = entry.seq + 1;
    seen.add(entry.id);
    yield* checkRead(entry, bySeq.get(entry.seq));
  }
  for (const { id, seq } of stored) {
    if (!seen.has(id)) yield { rule: "missed", message: `${poller} never saw ${id} at ${seq}` };
  }
}

function* checkRead(read: Read, row: StoredPlace | undefined): Generator<Finding> {
  if (row?.id !== read.id || row.createdAt !== read.createdAt) {
    yield { rule: "misread", message: `${read.poller} read ${read.id} at ${read.seq}, where ${row?.id} is stored` };
  }
}

/**
 * Everything that is wrong with a run.
 * @param stored the whole table, ordered by seq
 */
export function findingsOf(entries: readonly Entry[], stored: readonly StoredPlace[]): Finding[] {
  const byId = new Map(stored.map((row) => [row.id, row]));
  const pollers = new Set(
    entries.flatMap((entry) => (entry.what === "read" || entry.what === "restarted" ? [entry.poller] : [])),
  );
  return [
    ...checkAcknowledged(
      entries.filter((entry) => entry.what === "acked"),
      byId,
    ),
    ...checkStored(stored),
    ...checkSent(entries, stored),
    ...checkRealTime(entries, byId),
    ...[...pollers].flatMap((poller) => [...checkReads(entries, poller, stored)]),
  ];
}

/** How many findings of each rule: short enough to stand in a failed assertion. */
export function summary(findings: readonly Finding[]): Partial<Record<Rule, number>> {
  const counts: Partial<Record<Rule, number>> = {};
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
