"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowUpToLine, SearchX } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { type TimeWindow, widerWindow, windowUpTo } from "../log-filters/url-state";
import { Button } from "../ui/button";
import { type LogQuery, nearestQuery } from "./events.queries";
import type { Row } from "./kind-view";
import { useLogActions } from "./log-actions";
import type { SearchPage } from "./log-pages";
import { isFiltered, tabFilter } from "./own-filters";
import { State } from "./states";
import { distanceText, fullTime } from "./time-text";

/** Loaded when a log is empty: most never are. */
const FirstRow = lazy(async () => ({ default: (await import("../first-row/first-row")).FirstRow }));

interface NothingFoundProps {
  query: LogQuery;
  window: TimeWindow;
  /** Shows the log anew, once it has its first row. */
  onShow: () => void;
}

/** What is known of the rows on one side of the window. */
type Side =
  | { is: "asking" }
  | { is: "unknown"; searchedTo: string | undefined }
  | { is: "none" }
  | { is: "row"; row: Row };

function sideOf(page: SearchPage | undefined, failed: boolean): Side {
  const [row] = page?.events ?? [];
  if (row) return { is: "row", row };
  if (failed || page?.partial) return { is: "unknown", searchedTo: page?.searched_to };
  return page ? { is: "none" } : { is: "asking" };
}

/** Looks on both sides of an empty window for where its rows are. */
function useNearest(query: LogQuery): { earlier: Side; later: Side } {
  const earlier = useQuery(nearestQuery(query, "earlier"));
  const later = useQuery(nearestQuery(query, "later"));
  return { earlier: sideOf(earlier.data, earlier.isError), later: sideOf(later.data, later.isError) };
}

/** The search ended and there is really nothing: where the rows are instead, and how to get there. */
export function NothingFound({ onShow, ...search }: NothingFoundProps) {
  const { earlier, later } = useNearest(search.query);
  const { kind } = useLogActions();
  const filtered = isFiltered(kind, search.query.filters);
  const nothing = <NothingInWindow {...search} earlier={earlier} later={later} />;
  // What an empty application is shown writes a call.
  if (filtered || kind.id !== "call" || earlier.is !== "none" || later.is !== "none") return nothing;
  return (
    <Suspense>
      <FirstRow appId={search.query.appId} otherwise={nothing} onShow={onShow} />
    </Suspense>
  );
}

type InWindowProps = Omit<NothingFoundProps, "onShow"> & { earlier: Side; later: Side };

function NothingInWindow({ query, window, earlier, later }: InWindowProps) {
  const { go, kind, filters } = useLogActions();
  const filtered = isFiltered(kind, query.filters);
  // It would end where this one ends: without earlier rows it is as empty.
  const wider = earlier.is === "none" ? undefined : widerWindow(window, query, kind.windowMaxMs);
  const isNowhere = earlier.is === "none" && later.is === "none";
  const jump = (row: Row) => go({ window: windowUpTo(row.occurred_at, query) });
  return (
    <State
      role="status"
      icon={<SearchX aria-hidden className="text-faint" />}
      title={filtered ? `No ${kind.noun} match in this window` : `No ${kind.noun} in this window`}
      actions={
        <>
          {wider ? <Button onClick={() => go({ window: wider.window })}>Widen to {wider.label}</Button> : null}
          {filtered ? (
            <Button onClick={() => go({ filters: tabFilter(kind, filters) })}>Clear the filters</Button>
          ) : null}
        </>
      }
    >
      <p>The whole window was searched.</p>
      <div className="mt-3 flex min-h-16 flex-col items-center gap-2">
        <SideText side={later} jumpLabel="Go to the newest row" onJump={jump}>
          {(row) => `The newest row is ${distanceText(row.occurred_at, query.to)} after it`}
        </SideText>
        <SideText side={earlier} jumpLabel="Go to that row" onJump={jump}>
          {(row) => `The nearest row before it is ${distanceText(row.occurred_at, query.from)} earlier`}
        </SideText>
        {isNowhere ? <p>There is none before or after it either.</p> : null}
        {isNowhere && !filtered && kind.origin ? <p>{kind.origin}</p> : null}
        {earlier.is === "unknown" && earlier.searchedTo ? (
          <p>None back to {fullTime(earlier.searchedTo)} UTC; older ones were not looked at.</p>
        ) : null}
      </div>
    </State>
  );
}

interface SideTextProps {
  side: Side;
  jumpLabel: string;
  onJump: (row: Row) => void;
  children: (row: Row) => ReactNode;
}

function SideText({ side, jumpLabel, onJump, children }: SideTextProps) {
  if (side.is !== "row") return null;
  const { row } = side;
  return (
    <div className="flex flex-col items-center gap-1.5">
      <p>
        {children(row)}:{" "}
        <span className="whitespace-nowrap font-mono text-ink text-xs">{fullTime(row.occurred_at)} UTC</span>
      </p>
      <Button size="small" look="primary" onClick={() => onJump(row)}>
        <ArrowUpToLine aria-hidden className="size-3.5" />
        {jumpLabel}
      </Button>
    </div>
  );
}
