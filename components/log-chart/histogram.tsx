"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { histogramQuery, type LogQuery } from "../log-table/events.queries";
import { useLogActions } from "../log-table/log-actions";
import type { OutcomeTone } from "../log-table/outcome";
import { isFiltered } from "../log-table/own-filters";
import type { RowsAre } from "../log-table/use-rows-are";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { type Counted, lengthText, partsOf, rangeText, totalText } from "./bar-words";
import { type Bar, barsOf, together } from "./bars";
import { Plot } from "./plot";
import { type Choice, useBarChoice } from "./use-bar-choice";

export interface HistogramProps {
  query: LogQuery;
  rows: RowsAre;
}

const NO_BARS: readonly Bar[] = [];
const NONE = {};

/** The counts of a search, once its rows are there. */
function useBars(query: LogQuery, rows: RowsAre) {
  const { data, isError, refetch } = useQuery({ ...histogramQuery(query), enabled: rows === "there" });
  const bars = useMemo(() => (data ? barsOf(data, query) : NO_BARS), [data, query]);
  const all = together(bars, 0, bars.length - 1);
  return { data, isError, retry: () => void refetch(), bars: all?.count ? bars : NO_BARS, all };
}

/** The rows of a window over time, stacked by how they ended; what is pointed at is said in words. */
export function Histogram({ query, rows }: HistogramProps) {
  const { go, kind, say } = useLogActions();
  const { data, isError, retry, bars, all } = useBars(query, rows);
  const how: Counted = { filtered: isFiltered(kind, query.filters), exact: data?.exact ?? true };
  const zoom = ({ anchor, at }: Choice) => {
    const chosen = together(bars, anchor, at);
    if (!chosen) return;
    if (chosen.from === query.from && chosen.to === query.to) return say("That is the whole window");
    go({ window: { from: chosen.from, to: chosen.to } });
  };
  const choice = useBarChoice({ of: data ?? NONE, count: bars.length, onChoose: zoom });
  const meant = meantBy(bars, choice);
  const isFailed = isError && rows === "there";
  const otherwise = isFailed ? "The counts over time could not be read." : stateText(rows, data !== undefined);
  return (
    <>
      <div className="flex h-10 min-w-0 items-center gap-x-3 overflow-hidden whitespace-nowrap pl-16 text-muted text-xs max-sm:flex-wrap max-sm:content-start max-sm:gap-y-0 max-sm:leading-5 sm:h-6">
        {bars.length === 0 ? (
          <span role={isFailed ? "status" : undefined} className="flex min-w-0 items-center gap-2">
            {isFailed ? <CircleAlert aria-hidden className="size-3.5 shrink-0 text-red" /> : null}
            <span className="truncate">{otherwise}</span>
            {isFailed ? (
              <Button size="small" className="h-6" onClick={retry}>
                Try again
              </Button>
            ) : null}
          </span>
        ) : (
          <Reading bar={meant ?? all} how={how}>
            {meant ? rangeText(meant) : `One bar is ${lengthText(data?.bucket_seconds ?? 0)}`}
          </Reading>
        )}
      </div>
      <Plot bars={bars} how={how} label={`${kind.title} over time`} otherwise={otherwise} {...choice} />
    </>
  );
}

function stateText(rows: RowsAre, isCounted: boolean): string {
  if (rows === "failed") return "Nothing is counted: the rows could not be read.";
  return rows === "none" || isCounted ? "No rows in this window" : "Counting";
}

/** What the pointer, or else the keyboard, is on. */
function meantBy(bars: readonly Bar[], { hovered, choice, isDragging }: ReturnType<typeof useBarChoice>) {
  if (hovered !== undefined && !isDragging) return together(bars, hovered, hovered);
  return choice && together(bars, choice.anchor, choice.at);
}

const SQUARES: Record<OutcomeTone, string> = {
  red: "bg-[var(--red-mark)]",
  amber: "bg-[var(--amber-mark)]",
  plain: "bg-edge",
};

interface ReadingProps {
  bar: Bar | undefined;
  how: Counted;
  /** Of which time. */
  children: ReactNode;
}

/** Time and counts in words; its squares are the legend. */
function Reading({ bar, how, children }: ReadingProps) {
  if (!bar) return null;
  return (
    <>
      <span className="shrink-0 font-medium text-ink">{bar.count === 0 ? "No rows" : totalText(bar.count, how)}</span>
      <ul aria-label="By outcome" className="flex min-w-0 gap-3 overflow-hidden max-sm:order-last max-sm:w-full">
        {partsOf(bar).map(({ outcome, tone, text }) => (
          <li key={outcome} className="flex min-w-0 items-center gap-1.5">
            <span aria-hidden className={cx("size-2 shrink-0 rounded-[2px]", SQUARES[tone])} />
            <span className="truncate">{text}</span>
          </li>
        ))}
      </ul>
      <span className="ml-auto min-w-0 truncate pl-3 text-faint">{children}</span>
    </>
  );
}
