import type { ElementFilters } from "@/lib/log-kinds/define";
import { fold } from "@/lib/log-kinds/fold";
import { parseMicros } from "@/lib/log-kinds/time";
import { textsOf, textWords, wordsOf } from "@/lib/terms/words";
import { type Condition, type Filter, type Test, testOf } from "./filter";

export const isCondition = (test: Test): test is Condition => "field" in test;

function conditionsOf(test: Test): Condition[] {
  if (isCondition(test)) return [test];
  if ("not" in test) return conditionsOf(test.not);
  return ("all" in test ? test.all : test.any).flatMap(conditionsOf);
}

/** The fields that a reader must bring for `matches`. */
export function fieldsRead(filter: Filter): string[] {
  const names = conditionsOf(testOf(filter)).flatMap(({ field, among, wordsOf: worded }) => {
    if (worded) return worded;
    if (!among) return [field];
    return [among.list, ...among.filters.flatMap((one) => one.field ?? [])];
  });
  return [...new Set(names)];
}

/** Conditions that one element of a list must satisfy together. */
export interface ElementTest {
  among: ElementFilters;
  conditions: readonly Condition[];
}

/**
 * Conditions over elements that stand beside one another, by the element that they are about: a tag's key and value are of
 * one tag, and a second key begins another.
 */
export function elementTests(tests: readonly Test[]): ElementTest[] {
  const groups: { among: ElementFilters; conditions: Condition[] }[] = [];
  for (const test of tests) {
    if (!isCondition(test) || !test.among) continue;
    const { among, field } = test;
    const group = groups.find((one) => one.among === among && one.conditions.every((other) => other.field !== field));
    if (group) group.conditions.push(test);
    else groups.push({ among, conditions: [test] });
  }
  return groups;
}

const isSame = (has: unknown, wanted: string) =>
  has !== undefined && has !== null && fold(String(has)) === fold(wanted);

type Row = Record<string, unknown>;

/** Numbers, and times in µs. */
function amountOf(has: unknown): number | undefined {
  if (typeof has === "number") return has;
  return typeof has === "string" ? parseMicros(has) : undefined;
}

/** What is absent is on no side of anything. */
function isBeyond(has: unknown, { operator, bound }: NonNullable<Condition["compared"]>): boolean {
  const amount = amountOf(has);
  if (amount === undefined) return false;
  if (operator === ">") return amount > bound;
  if (operator === ">=") return amount >= bound;
  return operator === "<" ? amount < bound : amount <= bound;
}

/** A list matches if any element equals. */
function hasValue(row: Row, { field, value, compared }: Condition): boolean {
  const has = row[field];
  if (compared) return isBeyond(has, compared);
  return Array.isArray(has) ? has.some((element) => isSame(element, value)) : isSame(has, value);
}

/** Every word stands somewhere in the row. */
function hasWords(row: Row, value: string, fields: readonly string[]): boolean {
  const has = wordsOf(
    fields.flatMap((name) => textsOf(row[name])),
    Number.POSITIVE_INFINITY,
  ).found;
  return [...wordsOf([value]).found].every((word) => has.has(word));
}

const holdsAt = (text: readonly string[], phrase: readonly string[], at: number) =>
  phrase.every((word, index) => text[at + index] === word);

/** The words stand behind one another in one of the row's texts. */
function hasPhrase(row: Row, value: string, fields: readonly string[]): boolean {
  const phrase = textWords(value);
  return fields
    .flatMap((name) => textsOf(row[name]))
    .some((text) => {
      const words = textWords(text);
      return words.some((_, at) => holdsAt(words, phrase, at));
    });
}

/** Elements as the filters see them: those of the list, and what the row says of itself as a whole. */
export function elementsOf(row: Row, { list, filters }: ElementFilters): Row[] {
  const listed = row[list];
  const whole = Object.fromEntries(filters.flatMap(({ member, field }) => (field ? [[member, row[field]]] : [])));
  return [...(Array.isArray(listed) ? (listed as Row[]) : []), whole];
}

/** One element has all the wanted values. */
function hasElement(row: Row, { among, conditions }: ElementTest): boolean {
  const memberOf = new Map(among.filters.map(({ name, member }) => [name, member]));
  return elementsOf(row, among).some((element) =>
    conditions.every(({ field, value }) => isSame(element[memberOf.get(field) ?? ""], value)),
  );
}

function holdAll(row: Row, tests: readonly Test[]): boolean {
  return (
    tests.every((test) => (isCondition(test) && test.among) || holds(row, test)) &&
    elementTests(tests).every((test) => hasElement(row, test))
  );
}

function holds(row: Row, test: Test): boolean {
  if ("all" in test) return holdAll(row, test.all);
  if ("any" in test) return test.any.some((one) => holds(row, one));
  if ("not" in test) return !holds(row, test.not);
  if (test.among) return hasElement(row, { among: test.among, conditions: [test] });
  if (!test.wordsOf) return hasValue(row, test);
  return (test.isPhrase ? hasPhrase : hasWords)(row, test.value, test.wordsOf);
}

/** Whether a flat row satisfies a filter. */
export const matches = (row: Row, filter: Filter): boolean => holds(row, testOf(filter));
