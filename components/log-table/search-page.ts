import type { Row } from "./kind-view";

/** One page of a search, newest rows first. */
export interface SearchPage {
  events: Row[];
  next_cursor: string | null;
  has_more: boolean;
  /** The search ended early; rows are complete only back to `searched_to`. */
  partial?: boolean;
  searched_to?: string;
}
