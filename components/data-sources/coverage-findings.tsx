"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, RotateCw, TriangleAlert } from "lucide-react";
import type { Coverage, CoverageFinding, CoverageLevel } from "@/lib/contracts/coverage";
import type { DataSource } from "@/lib/contracts/data-sources";
import { failureOf } from "../log-table/fetch-json";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { coverageQuery } from "./sources.queries";

const LEVELS = {
  ok: { icon: CircleCheck, word: "In order", ink: "text-muted" },
  warning: { icon: TriangleAlert, word: "Not everything", ink: "text-amber" },
  error: { icon: CircleAlert, word: "Nothing is recorded", ink: "text-red" },
} as const;

const SUMMARIES: Record<CoverageLevel, string> = {
  ok: "Every statement on a connected column will be recorded.",
  warning: "Statements are recorded, but not all, or not all of them.",
  error: "Nothing will be recorded until this is mended.",
};

/** The catalogue comes first: without it the best settings record nothing, and it is mended with one click. */
function summaryOf({ level, findings }: Coverage): string {
  const unknown = findings.find((one) => one.level === "error" && one.setting === "catalogue");
  return unknown?.message ?? SUMMARIES[level];
}

/** What the server's settings and tables mean for what is recorded, each with the SQL that mends it. */
export function CoverageFindings({ source }: { source: DataSource }) {
  // A test may have found what was mended meanwhile, and a catalogue that was read has what was missing: each asks anew.
  const { data, error, isFetching, refetch } = useQuery(coverageQuery(source));
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-muted text-sm">
          {data && !error ? summaryOf(data) : isFetching ? "Asking the server…" : ""}
        </p>
        <Button size="small" disabled={isFetching} onClick={() => refetch()}>
          <RotateCw aria-hidden className="size-3.5" />
          {isFetching ? "Checking…" : "Check again"}
        </Button>
      </div>
      {error ? <Notice tone="error" title={failureOf(error).detail} /> : null}
      {data && !error ? (
        <ul className="border-line border-t">
          {data.findings.map((finding) => (
            <Finding key={`${finding.setting} ${finding.message}`} finding={finding} />
          ))}
        </ul>
      ) : null}
      {!data && !error ? <Skeleton className="w-80 max-w-full" /> : null}
    </div>
  );
}

function Finding({ finding: { level, setting, value, message, fix } }: { finding: CoverageFinding }) {
  const { icon: Icon, word, ink } = LEVELS[level];
  return (
    <li className="flex flex-col gap-1.5 border-line border-b py-2.5">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
        <span className={`inline-flex items-center gap-1 text-xs ${ink}`}>
          <Icon aria-hidden className="size-3.5" />
          {word}
        </span>
        <span className="break-all font-mono text-xs">
          {setting}
          {value === null ? null : <span className="text-muted"> = {value === "" ? "''" : value}</span>}
        </span>
      </span>
      <span className="text-muted text-sm">{message}</span>
      {fix === null ? null : (
        <span className="flex flex-col items-start gap-1.5">
          <code className="w-full whitespace-pre-wrap break-words rounded-md border border-line bg-surface px-2.5 py-1.5 font-mono text-xs">
            {fix}
          </code>
          <CopyButton text={fix} label="Copy SQL" />
        </span>
      )}
    </li>
  );
}
