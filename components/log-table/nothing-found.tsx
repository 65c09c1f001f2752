"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowUpToLine, SearchX } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import type { NearestAnswer } from "@/lib/contracts/events";
import { type TimeWindow, widerWindow, windowUpTo } from "../log-filters/url-state";
import { Button } from "../ui/button";
import { type LogQuery, nearestQuery } from "./events.queries";
import { useLogActions } from "./log-actions";
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
  | { is: "row"; time: string };

function sideOf(answer: NearestAnswer["earlier"] | undefined, failed: boolean): Side {
  if (answer?.occurred_at) return { is: "row", time: answer.occurred_at };
  if (failed || answer?.partial) return { is: "unknown", searchedTo: answer?.searched_to };
  return answer ? { is: "none" } : { is: "asking" };
}

/** Looks on both sides of an empty window for where its rows are. */
function useNearest(query: LogQuery): { earlier: Side; later: Side } {
  const { data, isError } = useQuery(nearestQuery(query));
  return { earlier: sideOf(data?.earlier, isError), later: sideOf(data?.later, isError) };
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
  const jump = (time: string) => go({ window: windowUpTo(time, query) });
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
          {(time) => `The newest row is ${distanceText(time, query.to)} after it`}
        </SideText>
        <SideText side={earlier} jumpLabel="Go to that row" onJump={jump}>
          {(time) => `The nearest row before it is ${distanceText(time, query.from)} earlier`}
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
  onJump: (time: string) => void;
  children: (time: string) => ReactNode;
}

function SideText({ side, jumpLabel, onJump, children }: SideTextProps) {
  if (side.is !== "row") return null;
  const { time } = side;
  return (
    <div className="flex flex-col items-center gap-1.5">
      <p>
        {children(time)}: <span className="whitespace-nowrap font-mono text-ink text-xs">{fullTime(time)} UTC</span>
      </p>
      <Button size="small" look="primary" onClick={() => onJump(time)}>
        <ArrowUpToLine aria-hidden className="size-3.5" />
        {jumpLabel}
      </Button>
    </div>
  );
}
