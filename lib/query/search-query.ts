import type { Filter } from "@/lib/filters/filter";
import type { SearchCursor } from "./cursor";

/** How much one search does before it answers what it has. */
export interface SearchBudgets {
  /** Rows of the first walk by time; each further one is four times longer. */
  walkFirst: number;
  walkMax: number;
  /** How long the term index is asked at first, ms; each further time four times longer. */
  termsFirstMs: number;
  /** Most rows that the term index may bring before the time walk is the better way. */
  matchesMax: number;
  /** How long one search may go on, ms. */
  deadlineMs: number;
}

export const SEARCH_BUDGETS: SearchBudgets = {
  walkFirst: 2_000,
  walkMax: 512_000,
  termsFirstMs: 100,
  matchesMax: 50_000,
  deadlineMs: 4_000,
};

export interface SearchQuery {
  /** The addressed apps; several are merged by occurred_at. */
  appIds: readonly string[];
  kind?: string;
  /** The window over occurred_at, µs, half-open. */
  fromMicros: number;
  toMicros: number;
  filter: Filter;
  cursor?: SearchCursor;
  /** Heads to stay below, as an earlier answer's `snapshot` gave them. */
  asOf?: ReadonlyMap<number, number>;
  /** 1 to 200. */
  limit: number;
  /** Tests set smaller ones, which little data exhausts. Default: SEARCH_BUDGETS. */
  budgets?: SearchBudgets;
}
