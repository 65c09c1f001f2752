"use client";

import { useEffect, useRef } from "react";
import { useStoredSwitch } from "../ui/use-stored-switch";

/** Single keys that act anywhere on a log page. */
export type PageKey = "/" | "f" | "r" | "e" | "?" | "j" | "k";
export type PageKeys = Record<PageKey, () => void>;

/** Where keys are typed or have a meaning of their own. */
const TAKEN = "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]";
/**
 * Whether single keys act, for this browser. They can be turned off (WCAG 2.1.4): with speech input, every word said into
 * the page would press some.
 */
export function useSingleKeys(): [on: boolean, set: (on: boolean) => void] {
  return useStoredSwitch("affidavit.single-keys", true);
}

/** Whether a key is for the page: not typed into anything, no box open over the page, no modifier. */
function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return false;
  if (event.target instanceof Element && event.target.closest(TAKEN)) return false;
  return document.querySelector("[role=dialog], [role=alertdialog]") === null;
}

/** Runs the act of a key, wherever the focus is on the page. */
export function usePageKeys(keys: PageKeys): void {
  const [on] = useSingleKeys();
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  // Talks to the document: keys arrive there whatever has the focus.
  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent) => {
      if (!Object.hasOwn(latest.current, event.key) || !isForPage(event)) return;
      event.preventDefault();
      latest.current[event.key as PageKey]();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [on]);
}
