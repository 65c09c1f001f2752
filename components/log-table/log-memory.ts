import type { QueryClient } from "@tanstack/react-query";
import type { LogPages } from "./log-pages";

/** How a log page was left, so that Back finds it so. */
export interface ViewMemory {
  /** When "now" was for it, ms. */
  asOfMs: number;
  /** Where it was scrolled to, px. */
  scrollPx: number;
  /** How high a row was then, px: without it the remembered place may not exist yet. */
  rowPx?: number;
  /** Open rows: index → height of the detail, px. */
  open: ReadonlyMap<number, number>;
}

/** Searches whose rows are kept for Back. Each holds at most a few thousand rows. */
const SEARCHES_MAX = 8;
const VIEWS_MAX = 100;

interface Memory {
  views: Map<string, ViewMemory>;
  searches: Map<string, LogPages>;
}

/**
 * Lives as long as the query client: in the browser as long as the tab's page, on the server for one request. A map of the
 * module's own would hand one person's rows to the next.
 */
const memories = new WeakMap<QueryClient, Memory>();

function memoryOf(client: QueryClient): Memory {
  const known = memories.get(client);
  if (known) return known;
  const made: Memory = { views: new Map(), searches: new Map() };
  memories.set(client, made);
  return made;
}

function keep<V>(map: Map<string, V>, key: string, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= max) return;
    map.delete(oldest);
  }
}

/** @param key of a history entry, see `entryKey` */
export function recallView(client: QueryClient, key: string): ViewMemory | undefined {
  return memoryOf(client).views.get(key);
}

export function rememberView(client: QueryClient, key: string, change: Partial<ViewMemory> & { asOfMs: number }): void {
  const { views } = memoryOf(client);
  const before = views.get(key);
  const same = before?.asOfMs === change.asOfMs ? before : undefined;
  // Another "now" is another search: its rows are other rows, from the top.
  keep(views, key, { scrollPx: 0, open: new Map(), ...same, ...change }, VIEWS_MAX);
}

/** The rows of a search: those that are known already, or a new walk. */
export function pagesOf(client: QueryClient, key: string, make: () => LogPages): LogPages {
  const { searches } = memoryOf(client);
  const pages = searches.get(key) ?? make();
  keep(searches, key, pages, SEARCHES_MAX);
  return pages;
}

const KEY = "affidavitEntry";
let entries = 0;

/** What a new history entry carries beside its address. Not a UUID: browsers make those on https only. */
export function newEntry(): { key: string; state: Record<string, string> } {
  entries += 1;
  const key = `${Date.now().toString(36)}-${entries}`;
  return { key, state: { [KEY]: key } };
}

/**
 * Names the history entry that is shown. One that was not made here (a link, a typed address) goes by its address and by
 * when the server rendered it, so that opening the page again is not taken for going back to it.
 */
export function currentEntry(address: string, renderedAtMs: number): string {
  const state: unknown = typeof window === "undefined" ? undefined : window.history.state;
  const key = typeof state === "object" && state !== null && KEY in state ? state[KEY] : undefined;
  return typeof key === "string" ? key : `${renderedAtMs}?${address}`;
}
