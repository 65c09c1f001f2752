"use client";

import { useQueryClient } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import {
  freeze,
  type LogRules,
  parseLogState,
  printLogState,
  resolveWindow,
  toNextSecond,
} from "../log-filters/url-state";
import type { LogQuery } from "./events.queries";
import type { NextView } from "./log-actions";
import { currentEntry, newEntry, recallView, rememberView } from "./log-memory";

/** A clock that is off by more than this is not trusted with what "now" means. */
const SKEW_MS_MAX = 5_000;

interface LogStateOptions {
  kind: string;
  rules: LogRules;
  /** Those that this person may see; the first is home. */
  appIds: readonly string[];
  /** The server's "now" when it rendered the page, ms. */
  renderedAtMs: number;
}

/** The URL's state; an app that is not this person's is one of its problems. */
function useAddress(rules: LogRules, appIds: readonly string[]) {
  const params = useSearchParams();
  return useMemo(() => {
    const { appId: askedAppId, ...state } = parseLogState(params, rules);
    const foreign = askedAppId !== undefined && !appIds.includes(askedAppId);
    const problems = foreign
      ? [...state.problems, "There is no application with that id that you may see."]
      : state.problems;
    return { ...state, problems, askedAppId, appId: askedAppId ?? appIds[0] ?? "", params };
  }, [params, rules, appIds]);
}

/** Now by the server's clock, ms. */
function useClock(renderedAtMs: number): () => number {
  const [skewMs] = useState(() => {
    const off = renderedAtMs - Date.now();
    return Math.abs(off) > SKEW_MS_MAX ? off : 0;
  });
  return () => toNextSecond(Date.now() + skewMs);
}

/**
 * The one state of a log page, which panel, chips, picker and address are views of. Each entry of the history has a "now"
 * of its own: Back finds the very rows that were there, while choosing a window or refreshing asks anew.
 */
export function useLogState({ kind, rules, appIds, renderedAtMs }: LogStateOptions) {
  const client = useQueryClient();
  const { params, ...state } = useAddress(rules, appIds);
  const path = usePathname();
  const clock = useClock(renderedAtMs);
  const [latest, setLatest] = useState(renderedAtMs);
  // Read when the address changes: the browser has set both by then.
  const entry = useMemo(() => currentEntry(params.toString(), renderedAtMs), [params, renderedAtMs]);
  const asOfMs = recallView(client, entry)?.asOfMs ?? latest;
  // Talks to the memory outside of React: what this entry showed is what Back shows.
  useEffect(() => rememberView(client, entry, { asOfMs }), [client, entry, asOfMs]);

  const { window: timeWindow, filters, askedAppId, appId } = state;
  const resolved = useMemo(() => resolveWindow(timeWindow, asOfMs), [timeWindow, asOfMs]);
  const query = useMemo<LogQuery>(
    () => ({ appId, kind, ...resolved, filters, asOfMs }),
    [appId, kind, resolved, filters, asOfMs],
  );
  const print = (next: NextView) => printLogState({ appId: askedAppId, window: timeWindow, filters, ...next });
  const hrefOf = (next: NextView) => `${path}${print(next) === "" ? "" : `?${print(next)}`}`;
  // Always another second than before: the same one would be the same search, and would not be asked again.
  const later = () => Math.max(clock(), latest + 1_000, asOfMs + 1_000);
  const refresh = () => {
    const now = later();
    rememberView(client, entry, { asOfMs: now });
    setLatest(now);
  };
  const go = (next: NextView) => {
    if (print(next) === print({})) return next.window ? refresh() : undefined;
    const made = newEntry();
    const now = next.window ? later() : asOfMs;
    rememberView(client, made.key, { asOfMs: now });
    setLatest(now);
    window.history.pushState(made.state, "", hrefOf(next));
  };
  /** From what the address says now: the page may still show the filters before the last one that was taken off. */
  const removeFilter = (name: string) => {
    const { [name]: _, ...rest } = parseLogState(new URLSearchParams(window.location.search), rules).filters;
    go({ filters: rest });
  };
  /** An address that shows the same rows tomorrow, to anybody who may see them. */
  const frozenHref = () =>
    `${window.location.origin}${window.location.pathname}?${printLogState(freeze({ appId, window: timeWindow, filters }, asOfMs))}`;
  return { ...state, entry, query, resolved, hrefOf, frozenHref, go, removeFilter, refresh, clock };
}
