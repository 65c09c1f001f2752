"use client";

import { PanelLeft } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import type { LogQuery } from "../log-table/events.queries";
import { Button } from "../ui/button";
import { usePageLoaded } from "../ui/use-page-loaded";
import type { useValues } from "./use-values";

interface ValuesProps {
  query: LogQuery;
}

/** Loaded when somebody opens it. One that cannot be loaded is said, and does not take the rows with it. */
const Facets = lazy(
  async (): Promise<{ default: ComponentType<ValuesProps> }> => ({
    default: await import("./facets").then(
      ({ Facets: loaded }) => loaded,
      () => NotLoaded,
    ),
  }),
);
const Sheet = lazy(async () => ({ default: (await import("./values-sheet")).ValuesSheet }));

function NotLoaded() {
  return <p className="p-4 text-muted text-sm">The values could not be loaded. Reload the page.</p>;
}

const COLUMN_ID = "values";

type Values = ReturnType<typeof useValues>;

/** Opens the column, or on a narrow page the sheet. */
export function ValuesButton({ isWide, isOpen, set }: Values) {
  return (
    <Button
      aria-expanded={isOpen}
      aria-controls={isWide && isOpen ? COLUMN_ID : undefined}
      aria-haspopup={isWide ? undefined : "dialog"}
      onClick={() => set(!isOpen)}
    >
      <PanelLeft aria-hidden className="size-3.5 text-muted" />
      <span className="max-sm:sr-only">Values</span>
    </Button>
  );
}

/** Left of the rows where there is room, else in a sheet over them. */
export function ValuesPanel({ query, isWide, isOpen, set }: ValuesProps & Values) {
  const isLoaded = usePageLoaded();
  const facets = <Suspense>{isLoaded ? <Facets query={query} /> : null}</Suspense>;
  if (!isOpen) return null;
  if (isWide) {
    return (
      <aside
        id={COLUMN_ID}
        aria-label="Values"
        className="w-64 shrink-0 overflow-y-auto border-line border-r bg-surface"
      >
        {facets}
      </aside>
    );
  }
  return (
    <Suspense>
      <Sheet onClose={() => set(false)}>{facets}</Sheet>
    </Suspense>
  );
}
