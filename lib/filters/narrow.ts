import { type Condition, type Filter, type Test, testOf } from "./filter";
import { isCondition } from "./matches";

interface Windowed {
  /** Over occurred_at, µs, half-open. */
  fromMicros: number;
  toMicros: number;
  filter: Filter;
}

type Compared = NonNullable<Condition["compared"]>;

/** The values that a comparison lets through: whole numbers, half-open. */
export function rangeOf({ operator, bound }: Compared): { from: number; to: number } {
  const from = { ">": bound + 1, ">=": bound }[operator as string] ?? Number.NEGATIVE_INFINITY;
  const to = { "<": bound, "<=": bound + 1 }[operator as string] ?? Number.POSITIVE_INFINITY;
  return { from, to };
}

const comparesTime = (test: Test) => isCondition(test) && test.field === "occurred_at" && test.compared !== undefined;

/** Without the comparisons of occurred_at that all rows must satisfy. Undefined: nothing is left. */
function withoutTimes(test: Test): Test | undefined {
  if (comparesTime(test)) return undefined;
  if (!("all" in test)) return test;
  const all = test.all.flatMap((one) => withoutTimes(one) ?? []);
  return all.length > 0 ? { all } : undefined;
}

function timesOf(test: Test): Compared[] {
  if ("all" in test) return test.all.flatMap(timesOf);
  return isCondition(test) && comparesTime(test) && test.compared ? [test.compared] : [];
}

/**
 * The same question with its comparisons of occurred_at as a smaller window, which every reader seeks to, instead of as
 * conditions, which are settled row by row. The window may come out empty.
 */
export function narrowed<T extends Windowed>(query: T): T {
  const ranges = timesOf(testOf(query.filter)).map(rangeOf);
  if (ranges.length === 0) return query;
  const fromMicros = Math.max(query.fromMicros, ...ranges.map(({ from }) => from));
  return {
    ...query,
    fromMicros,
    toMicros: Math.max(fromMicros, Math.min(query.toMicros, ...ranges.map(({ to }) => to))),
    filter: query.filter.flatMap((part): Filter => {
      if (!("test" in part)) return comparesTime(part) ? [] : [part];
      const test = withoutTimes(part.test);
      return test ? [{ ...part, test }] : [];
    }),
  };
}
