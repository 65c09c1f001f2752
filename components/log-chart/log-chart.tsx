"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { type ComponentType, lazy, Suspense, useState } from "react";
import type { LogQuery } from "../log-table/events.queries";
import { useRowsAre } from "../log-table/use-rows-are";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { Skeleton } from "../ui/skeleton";
import { usePageLoaded } from "../ui/use-page-loaded";
import { useStoredSwitch } from "../ui/use-stored-switch";
import type { HistogramProps } from "./histogram";

/** Without it the rows are as good: one that cannot be loaded is said, and does not take the page with it. */
const Histogram = lazy(
  async (): Promise<{ default: ComponentType<HistogramProps> }> => ({
    default: await import("./histogram").then(
      ({ Histogram: loaded }) => loaded,
      () => NotLoaded,
    ),
  }),
);

function NotLoaded() {
  return <p className="h-6 pl-16 text-muted text-xs leading-6">The chart could not be loaded. Reload the page.</p>;
}

function Waiting() {
  return (
    <div className="flex h-full items-start border-line border-b pt-1.5 pl-16">
      <Skeleton className="w-40" />
    </div>
  );
}

/** The place of the chart: as high before it is there as it is then, so that no row moves. */
export function LogChart({ query, title }: { query: LogQuery; title: string }) {
  const [isOpen, setOpen] = useStoredSwitch("affidavit.chart", true);
  const isLoaded = usePageLoaded();
  const rows = useRowsAre(query);
  // Once it is there it stays, and waits for the rows of another search by itself: a zoom keeps the focus.
  const [isWanted, setWanted] = useState(false);
  if (isLoaded && rows !== "asked" && !isWanted) setWanted(true);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <figure
      aria-label={`${title} over time`}
      className={cx(
        "relative shrink-0 border-line border-b px-3 pt-1 pb-2 sm:px-4",
        isOpen ? "h-[6.0625rem] sm:h-[5.0625rem]" : "h-8",
      )}
    >
      <Button
        look="quiet"
        size="small"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="-ml-2 absolute h-6 gap-1"
      >
        <Icon aria-hidden className="size-3.5" />
        Chart
      </Button>
      {isOpen && isWanted ? (
        <Suspense fallback={<Waiting />}>
          <Histogram query={query} rows={rows} />
        </Suspense>
      ) : null}
      {isOpen && !isWanted ? <Waiting /> : null}
    </figure>
  );
}
