"use client";

import { createContext, useContext } from "react";
import type { QueryLinks } from "../log-detail/query-link";
import type { LogState } from "../log-filters/url-state";
import type { KindView, Row } from "./kind-view";

/** Another view of the same log: what is not given stays as it is. */
export type NextView = Partial<Pick<LogState, "window" | "filters">>;

/** What rows and their details can ask of the page around them. */
export interface LogActions {
  appId: string;
  appName: string;
  kind: KindView;
  /** The filters that are on. */
  filters: LogState["filters"];
  /** Names of those that the page has. */
  filterable: ReadonlySet<string>;
  /** Data source → template of the address at which it shows a query; see `queryLink`. */
  queryLinks: QueryLinks;
  /** Says something for a moment, to eyes and screen readers. */
  say: (text: string) => void;
  /** The address of another view, to be opened in a tab of its own or sent to somebody. */
  hrefOf: (next: NextView) => string;
  /** Goes there; Back returns. */
  go: (next: NextView) => void;
}

/** A text to be shown whole. */
export interface ShownText {
  title: string;
  text: string;
  /** The field of a row that it is: where the list cut it, the row is asked for it. */
  of?: { row: Row; field: string };
}

const Actions = createContext<LogActions | undefined>(undefined);
export const LogActionsProvider = Actions.Provider;

/**
 * Shows a whole text in a box over the page. Apart from the other actions because every row asks for it: it never changes,
 * so rows are not drawn again when something else on the page does.
 */
const ShowText = createContext<(shown: ShownText) => void>(() => {});
export const ShowTextProvider = ShowText.Provider;
export const useShowText = () => useContext(ShowText);

/** Prefix of an API key → its name, as far as this person may see keys. Apart because rows ask for it, too. */
const KeyNames = createContext<Readonly<Record<string, string>>>({});
export const KeyNamesProvider = KeyNames.Provider;
export const useKeyNames = () => useContext(KeyNames);

/** Id of a data source → its name, as far as this person may read its rows. */
const SourceNames = createContext<Readonly<Record<string, string>>>({});
export const SourceNamesProvider = SourceNames.Provider;
export const useSourceNames = () => useContext(SourceNames);

/** What ids and names in the system log stand for, as far as this person may know. */
export interface ActNames {
  /** Id of an application, or `system` → its name. */
  apps: Readonly<Record<string, string>>;
  /** Our own acts: event → the act in words. */
  events: Readonly<Record<string, string>>;
  /** Kind of row → its log. */
  kinds: Readonly<Record<string, string>>;
}
export const NO_ACT_NAMES: ActNames = { apps: {}, events: {}, kinds: {} };

const ActNamesContext = createContext(NO_ACT_NAMES);
export const ActNamesProvider = ActNamesContext.Provider;
export const useActNames = () => useContext(ActNamesContext);

/** @throws Error outside of a log page */
export function useLogActions(): LogActions {
  const actions = useContext(Actions);
  if (!actions) throw new Error("useLogActions needs the page of a log around it.");
  return actions;
}
