"use client";

import { CircleAlert } from "lucide-react";
import type { LogQuery } from "../log-table/events.queries";
import { failureOf } from "../log-table/fetch-json";
import { useRowsAre } from "../log-table/use-rows-are";
import { Button } from "../ui/button";
import { Skeleton } from "../ui/skeleton";
import { FacetSection, useFacets } from "./facet-section";

/** Grey lines where values will be. */
export function FacetsWaiting() {
  return (
    <div role="status" aria-label="Counting values" className="flex flex-col gap-4 p-4">
      {["w-24", "w-40", "w-32", "w-20", "w-36"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}

/** The fields with few values, each with its values and how many rows have them. They wait for the rows. */
export function Facets({ query }: { query: LogQuery }) {
  const rows = useRowsAre(query);
  const canAsk = rows === "there" || rows === "none";
  const { data, isError, error, refetch } = useFacets(query, undefined, canAsk);
  if (rows === "failed") {
    return <p className="p-4 text-muted text-sm">Values are not counted: the rows could not be read.</p>;
  }
  if (isError) {
    return (
      <div role="status" className="flex flex-col items-start gap-2 p-4 text-muted text-sm">
        <p className="flex items-start gap-2">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-red" />
          Values could not be counted. {failureOf(error).title}.
        </p>
        <Button size="small" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  if (!data) return <FacetsWaiting />;
  const isEmpty = data.total === 0 && Object.keys(query.filters).length === 0;
  return (
    <div className="flex flex-col divide-y divide-line">
      {isEmpty ? <p className="p-4 text-muted text-sm">No rows in this window, so no values.</p> : null}
      {data.exact ? null : (
        <p className="px-3.5 py-2 text-muted text-xs">Estimated from the newest rows: there are many.</p>
      )}
      {data.facets.map(({ field }) => (
        <FacetSection key={field} field={field} query={query} canAsk={canAsk} />
      ))}
    </div>
  );
}
