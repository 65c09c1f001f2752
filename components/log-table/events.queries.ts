import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { EventAnswer, FacetsAnswer, HistogramAnswer, NearestAnswer } from "@/lib/contracts/events";
import { fetchJson } from "./fetch-json";
import type { Row } from "./kind-view";
import { pagesOf } from "./log-memory";
import type { SearchPage } from "./log-pages";
import { LogPages } from "./log-pages";

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

/**
 * The first page comes with the HTML: small, but two screens and a half of a 900 px window, so that nothing more is asked
 * for before somebody scrolls. The rest is read while scrolling, so it is few requests.
 */
export const FIRST_PAGE_ROWS = 64;
const PAGE_ROWS = 200;
/** How long the HTML's first page is kept for a page that is opened by Back, ms. */
const FIRST_PAGE_KEPT_MS = 300_000;

function parameters({ appId, kind, from, to, filters }: LogQuery): URLSearchParams {
  return new URLSearchParams({ app_id: appId, kind, from, to, ...filters });
}

function searchPath(query: LogQuery, limit: number, cursor: string | null): string {
  const params = parameters(query);
  params.set("limit", String(limit));
  if (cursor !== null) params.set("cursor", cursor);
  return `/v1/events/search?${params}`;
}

/** The quick CSV of what a search shows. */
export function downloadPath(query: LogQuery): string {
  const params = parameters(query);
  params.set("format", "csv");
  return `/v1/exports/download?${params}`;
}

/** One page of a search, newest rows first. `LogPages` holds what it needs of them, so the cache does not. */
export function pageQuery(query: LogQuery, cursor: string | null) {
  const limit = cursor === null ? FIRST_PAGE_ROWS : PAGE_ROWS;
  return queryOptions({
    queryKey: ["events", "search", query, cursor] as const,
    queryFn: ({ signal }) => fetchJson<SearchPage>(searchPath(query, limit, cursor), signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: cursor === null ? FIRST_PAGE_KEPT_MS : 0,
    // Offline is an error that is shown, not a wait without an end.
    networkMode: "always",
  });
}

/** The rows of a search, as far as they are known; see LogPages. */
export function searchPages(client: QueryClient, query: LogQuery): LogPages {
  return pagesOf(client, JSON.stringify(query), () => {
    const load = (cursor: string | null, signal: AbortSignal) => {
      const options = pageQuery(query, cursor);
      signal.addEventListener("abort", () => void client.cancelQueries({ queryKey: options.queryKey, exact: true }));
      return client.query(options);
    };
    return new LogPages(load, client.getQueryData(pageQuery(query, null).queryKey));
  });
}

/** One row whole, with headers and bodies where the reader may see them. */
export function eventQuery(appId: string, { id, created_at }: Row) {
  const params = new URLSearchParams({ app_id: appId, created_at });
  return queryOptions({
    queryKey: ["events", "one", appId, id] as const,
    queryFn: ({ signal }) => fetchJson<z.output<typeof EventAnswer>>(`/v1/events/${id}?${params}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
  });
}

/** How many rows a search has, and whether that is counted or estimated. */
export function countQuery(query: LogQuery) {
  const params = parameters(query);
  params.set("buckets", "1");
  return queryOptions({
    queryKey: ["events", "count", query] as const,
    queryFn: ({ signal }) => fetchJson<z.output<typeof HistogramAnswer>>(`/v1/events/histogram?${params}`, signal),
    select: ({ buckets, exact }) => ({ rows: buckets.reduce((sum, { count }) => sum + count, 0), isExact: exact }),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
  });
}

/** Bars of a chart at most: 96 of a quarter of an hour are a day. */
const BARS_MAX = 100;

/** Rows over time. Failed once, it is the reader who asks again: the rows are there without it. */
export function histogramQuery(query: LogQuery) {
  const params = parameters(query);
  params.set("buckets", String(BARS_MAX));
  return queryOptions({
    queryKey: ["events", "histogram", query] as const,
    queryFn: ({ signal }) => fetchJson<z.output<typeof HistogramAnswer>>(`/v1/events/histogram?${params}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
    retry: false,
  });
}

/** Rows per value of the fields that are counted. */
export function facetsQuery(query: LogQuery) {
  return queryOptions({
    queryKey: ["events", "facets", query] as const,
    queryFn: ({ signal }) => fetchJson<z.output<typeof FacetsAnswer>>(`/v1/events/facets?${parameters(query)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
    retry: false,
  });
}

/** When the newest rows before and after an empty window happened. A search there would be told as views that nobody asked for. */
export function nearestQuery(query: LogQuery) {
  return queryOptions({
    queryKey: ["events", "nearest", query] as const,
    queryFn: ({ signal }) => fetchJson<NearestAnswer>(`/v1/events/nearest?${parameters(query)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
  });
}
