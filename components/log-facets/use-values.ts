import { useState, useSyncExternalStore } from "react";
import { useStoredSwitch } from "../ui/use-stored-switch";

/** From here on there is room for a column beside the rows; Tailwind's `xl`. */
const WIDE = "(min-width: 80rem)";

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(WIDE);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Where values are shown: a column, as this browser remembers it, or a sheet over a narrow page while it is open. */
export function useValues() {
  const isWide = useSyncExternalStore(
    subscribe,
    () => window.matchMedia(WIDE).matches,
    () => false,
  );
  const [isColumn, setColumn] = useStoredSwitch("affidavit.values", false);
  const [isSheet, setSheet] = useState(false);
  return {
    isWide,
    isOpen: isWide ? isColumn : isSheet,
    set: isWide ? setColumn : setSheet,
  };
}
