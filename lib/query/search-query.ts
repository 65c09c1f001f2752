import type { Filter } from "@/lib/filters/filter";
import type { SearchCursor } from "./cursor";

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
}
