import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  window.addEventListener("load", listener);
  return () => window.removeEventListener("load", listener);
}

const isLoaded = () => document.readyState === "complete";

/** Whether the page has come whole, its rows among it: what they can do without is asked for only then. */
export function usePageLoaded(): boolean {
  return useSyncExternalStore(subscribe, isLoaded, () => false);
}
