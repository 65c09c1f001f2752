import { type Condition, type Filter, type Test, testOf } from "@/lib/filters/filter";
import { elementTests, isCondition } from "@/lib/filters/matches";
import { fold } from "@/lib/log-kinds/fold";
import { pairKey, pairValue, term } from "./terms";
import { cutWords, wordsOf } from "./words";

/** Sets of terms: a row that satisfies the test has all terms of at least one. Undefined: any row may satisfy it. */
type Sets = string[][] | undefined;

/** More sets than this are not asked for: what makes more of them is left to the re-check. */
const SETS_MAX = 32;

const exactTerm = (logId: number, { field, value }: Condition) => String(term(logId, field, fold(value)));

/** Not all words of a long row are in the index, and such a row has to be read. */
function wordSets(logId: number, words: ReadonlySet<string>): Sets {
  const indexed = [...words].map((word) => String(term(logId, "text", word)));
  return [indexed, [String(term(logId, "text", cutWords))]];
}

/** Every combination of a set of one with a set of the other; only the one where there are too many. */
function both(one: Sets, other: Sets): Sets {
  if (!one || !other) return one ?? other;
  if (one.length * other.length > SETS_MAX) return one;
  return one.flatMap((mine) => other.map((theirs) => [...new Set([...mine, ...theirs])]));
}

function either(sets: readonly Sets[]): Sets {
  const all = sets.flatMap((set) => set ?? []);
  return sets.every((set) => set !== undefined) && all.length <= SETS_MAX ? all : undefined;
}

/** The pair of each element that is asked for: rows where its values stand in different elements need not be read. */
const pairTerms = (logId: number, tests: readonly Test[]): string[] =>
  elementTests(tests).flatMap(({ among, conditions }) => {
    const [one, other] = among.pair.map((name) => conditions.find(({ field }) => field === name)?.value);
    if (one === undefined || other === undefined) return [];
    return String(term(logId, pairKey(among.pair), pairValue(fold(one), fold(other))));
  });

function allSets(logId: number, tests: readonly Test[]): Sets {
  const conditions = tests.filter(isCondition);
  const words = new Set(
    conditions.flatMap(({ value, wordsOf: worded }) => (worded ? [...wordsOf([value]).found] : [])),
  );
  const plain = conditions.filter(({ wordsOf: worded, compared }) => !worded && !compared);
  const exact = [...plain.map((condition) => exactTerm(logId, condition)), ...pairTerms(logId, tests)];
  const certain = both(
    exact.length > 0 ? [[...new Set(exact)]] : undefined,
    words.size > 0 ? wordSets(logId, words) : undefined,
  );
  const others = tests.filter((test) => !isCondition(test));
  return others.map((test) => setsOf(logId, test)).reduce(both, certain);
}

function setsOf(logId: number, test: Test): Sets {
  if ("all" in test) return allSets(logId, test.all);
  if ("any" in test) return either(test.any.map((one) => setsOf(logId, one)));
  // What a row lacks is in no index.
  return "not" in test ? undefined : allSets(logId, [test]);
}

/** The sets of terms, as text for PostgreSQL, one of which a row must have all of to satisfy a filter. None: any row may. */
export function filterTerms(logId: number, filter: Filter): string[][] {
  return setsOf(logId, testOf(filter)) ?? [];
}
