import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { EventAnswer } from "@/lib/contracts/events";
import { fetchJson } from "./fetch-json";
import type { Row } from "./kind-view";

/** One search: what its rows depend on, and nothing else. */
export interface LogQuery {
  appId: string;
  kind: string;
  from: string;
  to: string;
  filters: Readonly<Record<string, string>>;
  /** When "now" was, ms: a refresh is a new search, so that Back finds the rows as they were. */
  asOfMs: number;
}

export interface SearchPage {
  events: Row[];
  next_cursor: string | null;
  has_more: boolean;
  /** The search ended early; rows are complete only back to `searched_to`. */
  partial?: boolean;
  searched_to?: string;
}

/** The first page comes with the HTML, so it is small; the rest is read while scrolling, so it is few requests. */
export const FIRST_PAGE_ROWS = 50;
const PAGE_ROWS = 200;

function parameters({ appId, kind, from, to, filters }: LogQuery): URLSearchParams {
  return new URLSearchParams({ app_id: appId, kind, from, to, ...filters });
}

function searchPath(query: LogQuery, cursor: string | null): string {
  const params = parameters(query);
  params.set("limit", String(cursor === null ? FIRST_PAGE_ROWS : PAGE_ROWS));
  if (cursor !== null) params.set("cursor", cursor);
  return `/v1/events/search?${params}`;
}

/** The quick CSV of what a search shows. */
export function downloadPath(query: LogQuery): string {
  const params = parameters(query);
  params.set("format", "csv");
  return `/v1/exports/download?${params}`;
}

/** Pages of a search, newest rows first. The window is fixed by the query, so nothing goes stale by itself. */
export function searchQuery(query: LogQuery) {
  return infiniteQueryOptions({
    queryKey: ["events", "search", query] as const,
    queryFn: ({ pageParam, signal }) => fetchJson<SearchPage>(searchPath(query, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more || page.partial ? page.next_cursor : null),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One row whole, with headers and bodies where the reader may see them. */
export function eventQuery(appId: string, { id, created_at }: Row) {
  const params = new URLSearchParams({ app_id: appId, created_at });
  return queryOptions({
    queryKey: ["events", "one", appId, id] as const,
    queryFn: ({ signal }) => fetchJson<z.output<typeof EventAnswer>>(`/v1/events/${id}?${params}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
