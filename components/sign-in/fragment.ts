"use client";

import { useSyncExternalStore } from "react";

const onHashChange = (notify: () => void) => {
  window.addEventListener("hashchange", notify);
  return () => window.removeEventListener("hashchange", notify);
};

/** A value of `#name=…`; empty without. One-time tokens travel there: a fragment never reaches a server or its logs. */
export function useFragment(name: string): string {
  const read = () => new URLSearchParams(window.location.hash.slice(1)).get(name) ?? "";
  return useSyncExternalStore(onHashChange, read, () => "");
}
