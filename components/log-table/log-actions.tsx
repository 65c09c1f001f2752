"use client";

import { createContext, useContext } from "react";
import type { LogState } from "../log-filters/url-state";
import type { FieldView } from "./kind-view";

/** Another view of the same log: what is not given stays as it is. */
export type NextView = Partial<Pick<LogState, "window" | "filters">>;

/** What rows and their details can ask of the page around them. */
export interface LogActions {
  appId: string;
  appName: string;
  /** The kind's own fields, as declared. */
  fields: readonly FieldView[];
  /** Names of those that have an exact filter. */
  filterable: ReadonlySet<string>;
  /** Says something for a moment, to eyes and screen readers. */
  say: (text: string) => void;
  /** The address of another view, to be opened in a tab of its own or sent to somebody. */
  hrefOf: (next: NextView) => string;
  /** Goes there; Back returns. */
  go: (next: NextView) => void;
}

const Actions = createContext<LogActions | undefined>(undefined);
export const LogActionsProvider = Actions.Provider;

/**
 * Shows a whole text in a box over the page. Apart from the other actions because every row asks for it: it never changes,
 * so rows are not drawn again when something else on the page does.
 */
const ShowText = createContext<(title: string, text: string) => void>(() => {});
export const ShowTextProvider = ShowText.Provider;
export const useShowText = () => useContext(ShowText);

/** @throws Error outside of a log page */
export function useLogActions(): LogActions {
  const actions = useContext(Actions);
  if (!actions) throw new Error("useLogActions needs the page of a log around it.");
  return actions;
}
