"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { eventQuery } from "../log-table/events.queries";
import { failureOf } from "../log-table/fetch-json";
import type { Row } from "../log-table/kind-view";
import { fullTime } from "../log-table/time-text";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { JsonView } from "./json-view";
import { visibleJson } from "./visible-text";

interface RowDetailProps {
  row: Row;
  appId: string;
}

/** An open row: where it stands in the log, and the whole of it as JSON. */
export function RowDetail({ row, appId }: RowDetailProps) {
  const { data, error, isPending, refetch } = useQuery(eventQuery(appId, row));
  return (
    <div className="flex flex-col gap-2 px-3 py-3 sm:px-4 sm:pl-9">
      <div className="flex items-center gap-x-4 gap-y-2 max-sm:flex-col max-sm:items-start">
        <dl className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-1 text-xs">
          <Fact name="Number" value={`#${row.seq.toLocaleString("en-US")}`} />
          <Fact name="Received" value={`${fullTime(row.created_at)} UTC`} />
          <Fact name="ID" value={row.id} />
        </dl>
        {data ? <CopyButton text={JSON.stringify(data, null, 2)} label="Copy JSON" /> : null}
      </div>
      {isPending ? <DetailSkeleton /> : null}
      {error ? <DetailError error={error} retry={() => void refetch()} /> : null}
      {data ? <JsonView text={visibleJson(data)} label="The row as JSON" /> : null}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-all font-mono text-ink">{value}</dd>
    </div>
  );
}

function DetailSkeleton() {
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
      {failure.detail}{" "}
      {failure.requestId ? <span className="font-mono text-xs">Request {failure.requestId}</span> : null}
    </Notice>
  );
}
