import { counted } from "../ui/amounts";

/** What a search page shows of its rows. */
export type SearchState = "failed" | "pending" | "rows" | "nothing";

export interface SearchProgress {
  /** The search itself failed, not one of its later pages. */
  failed: boolean;
  /** Some answer is there, if only another search's. */
  answered: boolean;
  /** The answer is another search's, shown until the asked one arrives. */
  stale: boolean;
  rows: number;
  hasMore: boolean;
}

/**
 * Which of its states a search is in. A failure is never an empty log; that another search found nothing says nothing
 * about this one; and a search that stopped early without a row yet has not found nothing.
 */
export function searchState({ failed, answered, stale, rows, hasMore }: SearchProgress): SearchState {
  if (failed) return "failed";
  if (!answered || (stale && rows === 0)) return "pending";
  return rows > 0 || hasMore ? "rows" : "nothing";
}

/** What a screen reader is told. */
export function spokenState(
  state: SearchState,
  { rows, hasMore, searching }: { rows: number; hasMore: boolean; searching: boolean },
): string {
  if (searching) return "Searching";
  if (state !== "rows") return "";
  return `${counted(rows, "row")}${hasMore ? ", more below" : ""}`;
}
