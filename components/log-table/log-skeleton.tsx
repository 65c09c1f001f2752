"use client";

import { Skeleton } from "../ui/skeleton";
import { logColumns } from "./columns";
import type { KindView } from "./kind-view";
import { LogTableSkeleton } from "./table-head";

/** A log page on its way: its bar and its rows in grey. */
export function LogSkeleton({ kind }: { kind: KindView }) {
  return (
    <div role="status" aria-label="Loading" className="@container overflow-hidden">
      <div className="flex h-[3.0625rem] items-center gap-3 border-line border-b px-4">
        <Skeleton className="w-14" />
        <Skeleton className="w-32" />
        <Skeleton className="w-20" />
      </div>
      {/* The place of the chart. */}
      <div className="h-[6.0625rem] border-line border-b sm:h-[5.0625rem]" />
      <LogTableSkeleton columns={logColumns(kind)} />
    </div>
  );
}
