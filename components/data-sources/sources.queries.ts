import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Catalogue } from "@/lib/contracts/catalogue";
import type { Coverage } from "@/lib/contracts/coverage";
import type { DataSource } from "@/lib/contracts/data-sources";
import { fetchJson } from "../log-table/fetch-json";

const PAGE = "200";

/** Pages of a catalogue, as they are scrolled to. */
export function catalogueQuery(id: string, search: string) {
  return infiniteQueryOptions({
    queryKey: ["data-sources", id, "catalogue", search] as const,
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: PAGE });
      if (search) query.set("search", search);
      if (pageParam) query.set("cursor", pageParam);
      return fetchJson<Catalogue>(`/v1/data-sources/${id}/catalogue?${query}`, signal);
    },
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }: Catalogue) => next_cursor ?? undefined,
  });
}

/** What the settings of a data source mean: it is asked each time, since an answer of yesterday is worth nothing. */
export function coverageQuery({ id, last_tested_at, catalogued_at }: DataSource) {
  return queryOptions({
    queryKey: ["data-sources", id, "coverage", last_tested_at, catalogued_at] as const,
    queryFn: ({ signal }) => fetchJson<Coverage>(`/v1/data-sources/${id}/coverage`, signal),
    staleTime: 0,
    retry: false,
  });
}
