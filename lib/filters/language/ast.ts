/**
 * A query of the query language as a tree, without places: two queries that mean the same by their form are equal.
 * `outcome:policy_denial -provider_id:google latency_ms:>500 "draft reply" (tool:a OR tool:b)`
 */
export type Expression = All | Any | Not | Comparison | Words;

/** All hold: written beside one another. At least two. */
export interface All {
  type: "all";
  of: readonly Expression[];
}

/** At least one holds: `a OR b`. At least two. */
export interface Any {
  type: "any";
  of: readonly Expression[];
}

/** Does not hold: `-a`. */
export interface Not {
  type: "not";
  of: Expression;
}

export const OPERATORS = [">=", "<=", ">", "<", "="] as const;
export type Operator = (typeof OPERATORS)[number];

/** `field:value`, `field:>value`. */
export interface Comparison {
  type: "comparison";
  field: string;
  operator: Operator;
  value: string;
}

/** A word, or several in quotes, that stand in the row's texts. */
export interface Words {
  type: "words";
  value: string;
}

/** Where something stands in the text, UTF-16 units, half-open. */
export interface Span {
  start: number;
  end: number;
}

/** What is wrong with a query, and where. */
export interface QueryFault extends Span {
  message: string;
}
