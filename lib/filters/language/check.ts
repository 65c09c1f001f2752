import { AppError } from "@/lib/errors/app-error";
import type { KindDef } from "@/lib/log-kinds/define";
import { parseMicros } from "@/lib/log-kinds/time";
import {
  type Asked,
  checkValue,
  conditionOf,
  didYouMean,
  type FilterField,
  filterFields,
  QUERY_PARAM,
  TEXT_FILTER,
  type Test,
} from "../filter";
import type { Comparison, Expression, QueryFault, Span } from "./ast";
import { type ParsedQuery, parseQuery } from "./parse";
import { printQuery } from "./print";

/** What may stand before a colon: all filters, and times, which only the query language compares. */
export type QueryField = FilterField & { isTime?: true };

/** The fields of a query over these kinds. */
export function queryFields(kinds: readonly KindDef[]): QueryField[] {
  const times = kinds.flatMap(({ fields }) => fields.filter(({ type }) => type === "time").map(({ name }) => name));
  return [
    ...filterFields(kinds),
    ...[...new Set(["occurred_at", ...times])].map((name) => ({ name, type: "time" as const, isTime: true as const })),
  ];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** RFC 3339, or a day, which is its beginning in UTC. */
const timeOf = (value: string) => parseMicros(DAY.test(value) ? `${value}T00:00:00Z` : value);

class Checker {
  readonly faults: QueryFault[];
  private readonly places: ReadonlyMap<Expression, Span>;
  private readonly fields: ReadonlyMap<string, QueryField>;

  constructor({ places, faults }: ParsedQuery, fields: readonly QueryField[]) {
    this.places = places;
    this.faults = [...faults];
    this.fields = new Map(fields.map((field) => [field.name, field]));
  }

  testOf(expression: Expression): Test {
    switch (expression.type) {
      case "all":
        return { all: expression.of.map((part) => this.testOf(part)) };
      case "any":
        return { any: expression.of.map((part) => this.testOf(part)) };
      case "not":
        return { not: this.testOf(expression.of) };
      case "words":
        return { ...this.conditionOf(expression, TEXT_FILTER, expression.value), isPhrase: true };
      case "comparison":
        return this.comparison(expression);
    }
  }

  private fault(expression: Expression, message: string): void {
    const { start, end } = this.places.get(expression) ?? { start: 0, end: 0 };
    this.faults.push({ start, end, message });
  }

  private conditionOf(expression: Expression, name: string, value: string): Test {
    const field = this.fields.get(name);
    if (!field) {
      const names = [...this.fields.keys()];
      const hint = didYouMean(name, names) || " To look for these words, put them in quotes.";
      this.fault(expression, `${name} is no field here.${hint}`);
      return { any: [] };
    }
    const fault = checkValue(field, value);
    if (fault) this.fault(expression, `${name === TEXT_FILTER ? `"${value}"` : name} ${fault}.`);
    return conditionOf(field, value);
  }

  private comparison(expression: Comparison): Test {
    const { field: name, operator, value } = expression;
    const field = this.fields.get(name);
    if (!field || (operator === "=" && !field.isTime)) return this.conditionOf(expression, name, value);
    if (operator === "=") {
      this.fault(expression, `${name} is a time: say ${name}:>=2026-11-01 or ${name}:<2026-11-01T12:00:00Z.`);
      return { any: [] };
    }
    if (!field.isTime && field.type !== "integer") {
      this.fault(
        expression,
        `${name} is no number and no time: it has no ${operator}. For a value that begins so, put it in quotes.`,
      );
      return { any: [] };
    }
    const bound = this.boundOf(expression, field);
    return { field: name, value, compared: { operator, bound } };
  }

  private boundOf(expression: Comparison, field: QueryField): number {
    const { field: name, value } = expression;
    const bound = field.isTime ? timeOf(value) : Number(value);
    const fault = field.isTime
      ? bound === undefined && "must be a time such as 2026-11-01 or 2026-11-01T12:00:00Z"
      : checkValue(field, value);
    if (fault) this.fault(expression, `${name} ${fault}.`);
    return bound ?? 0;
  }
}

export interface CheckedQuery {
  /** As it was written. */
  expression: Expression | undefined;
  /** Undefined: nothing is asked for. Meaningless where there are faults. */
  asked: Asked | undefined;
  /** In the order of the text. */
  faults: QueryFault[];
}

/** A query against these fields. Never throws. */
export function checkQuery(text: string, fields: readonly QueryField[]): CheckedQuery {
  const parsed = parseQuery(text);
  const checker = new Checker(parsed, fields);
  const { expression } = parsed;
  const asked = expression && { text: printQuery(expression), test: checker.testOf(expression) };
  return { expression, asked, faults: checker.faults.sort((a, b) => a.start - b.start) };
}

/**
 * The query of a parameter `q`.
 * @throws AppError 400 `invalid_query`, whose errors say the place of each fault
 */
export function askedOf(text: string, kinds: readonly KindDef[]): Asked | undefined {
  const { asked, faults } = checkQuery(text, queryFields(kinds));
  const [first] = faults;
  if (!first) return asked;
  throw new AppError("invalid_query", {
    detail: `${QUERY_PARAM}, character ${first.start + 1}: ${first.message}`,
    errors: faults.map(({ start, end, message }) => ({ pointer: QUERY_PARAM, message, start, end })),
  });
}
