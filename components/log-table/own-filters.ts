import type { KindView } from "./kind-view";

type Filters = Readonly<Record<string, string>>;

/** The filters of a search without the one that the page's tabs are: that one is a place rather than a filter. */
export function ownFilters({ tabs }: Pick<KindView, "tabs">, filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name !== tabs));
}

/** The filter that the page's tabs are, where one is chosen. */
export function tabFilter({ tabs }: Pick<KindView, "tabs">, filters: Filters): Filters {
  const value = tabs && filters[tabs];
  return tabs && value ? { [tabs]: value } : {};
}

/** Whether a search leaves out rows of the place that is shown. */
export function isFiltered(kind: Pick<KindView, "tabs">, filters: Filters): boolean {
  return Object.keys(ownFilters(kind, filters)).length > 0;
}
