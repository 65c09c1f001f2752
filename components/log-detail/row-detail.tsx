"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { eventQuery } from "../log-table/events.queries";
import { failureOf } from "../log-table/fetch-json";
import type { Row } from "../log-table/kind-view";
import { useLogActions } from "../log-table/log-actions";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { FieldList } from "./field-list";
import { JsonView } from "./json-view";
import { RowLinks } from "./row-links";
import { RowNotes } from "./row-notes";
import { visibleJson } from "./visible-text";

/** An open row: its fields in groups, what is related to it, and the whole of it as JSON. */
export function RowDetail({ row }: { row: Row }) {
  const { appId } = useLogActions();
  const { data, error, isPending, refetch } = useQuery(eventQuery(appId, row));
  const [showsJson, setShowsJson] = useState(true);
  return (
    <div className="flex flex-col gap-3 px-3 py-3 @2xl:pr-4 @2xl:pl-[2.125rem]">
      <RowLinks row={row} />
      <RowNotes row={data ?? row} />
      {error ? <DetailError error={error} retry={() => void refetch()} /> : null}
      <div className="grid gap-x-6 gap-y-4 @4xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <FieldList row={data ?? row} />
        <div className="flex min-w-0 flex-col gap-2">
          <div className="flex h-7 items-center justify-between">
            <h2 className="font-medium text-ink text-xs">Raw JSON</h2>
            <span className="flex gap-1.5">
              {data ? <CopyButton text={JSON.stringify(data, null, 2)} label="Copy JSON" /> : null}
              <Button size="small" aria-expanded={showsJson} onClick={() => setShowsJson(!showsJson)}>
                {showsJson ? "Hide JSON" : "Show JSON"}
              </Button>
            </span>
          </div>
          {isPending && showsJson ? <JsonSkeleton /> : null}
          {data && showsJson ? <JsonView text={visibleJson(data)} label={`The row as JSON, #${row.seq}`} /> : null}
        </div>
      </div>
    </div>
  );
}

function JsonSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the row"
      className="flex flex-col gap-2 rounded-md border border-line bg-page p-3"
    >
      {["w-1/3", "w-1/2", "w-2/5", "w-1/4"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}

function DetailError({ error, retry }: { error: unknown; retry: () => void }) {
  const failure = failureOf(error);
  return (
    <Notice
      tone="error"
      title={failure.title}
      actions={
        <Button size="small" onClick={retry}>
          <RotateCw aria-hidden className="size-3.5" />
          Try again
        </Button>
      }
    >
      {failure.detail} The fields below are those of the list; what the list leaves out is missing.{" "}
      {failure.requestId ? <span className="break-all font-mono text-xs">Request {failure.requestId}</span> : null}
    </Notice>
  );
}
