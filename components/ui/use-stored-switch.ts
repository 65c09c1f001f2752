"use client";

import { useSyncExternalStore } from "react";

/** Said when a switch was turned in this tab: `storage` only tells the others. */
const TURNED = "affidavit:switch";

function subscribe(listener: () => void): () => void {
  window.addEventListener("storage", listener);
  window.addEventListener(TURNED, listener);
  return () => {
    window.removeEventListener("storage", listener);
    window.removeEventListener(TURNED, listener);
  };
}

function read(name: string, usual: boolean): boolean {
  try {
    const stored = window.localStorage.getItem(name);
    return stored === null ? usual : stored === "on";
  } catch {
    // A browser that keeps nothing: as if it was never turned.
    return usual;
  }
}

/** On or off, as this browser remembers it. @param usual where nobody turned it, and on the server */
export function useStoredSwitch(name: string, usual: boolean): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(
    subscribe,
    () => read(name, usual),
    () => usual,
  );
  const set = (next: boolean) => {
    try {
      window.localStorage.setItem(name, next ? "on" : "off");
    } catch {
      return;
    }
    window.dispatchEvent(new Event(TURNED));
  };
  return [on, set];
}
