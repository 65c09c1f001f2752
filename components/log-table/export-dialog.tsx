"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, LoaderCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { CSV_ROWS_MAX } from "@/lib/contracts/quick-csv";
import { counted, grouped, sizeText } from "../ui/amounts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { type DownloadedCsv, type DownloadProgress, downloadCsv, IncompleteCsv, saveFile } from "./download-csv";
import { countQuery, downloadPath, type LogQuery } from "./events.queries";
import { failureOf } from "./fetch-json";
import { useLogActions } from "./log-actions";
import { fullTime } from "./time-text";

type State =
  | { is: "ready" }
  | { is: "running"; progress: DownloadProgress | undefined }
  | { is: "done"; csv: Omit<DownloadedCsv, "file"> }
  | { is: "cancelled" }
  | { is: "failed"; error: unknown };

/** A download that can be followed and cancelled. */
function useDownload(query: LogQuery) {
  const [state, setState] = useState<State>({ is: "ready" });
  const control = useRef<AbortController>(undefined);
  // Talks to the server: a file that nobody waits for any more is not made.
  useEffect(() => () => control.current?.abort(), []);
  const start = async () => {
    control.current = new AbortController();
    const { signal } = control.current;
    const show = (next: State) => signal.aborted || setState(next);
    show({ is: "running", progress: undefined });
    try {
      const { file, ...csv } = await downloadCsv(downloadPath(query), signal, (progress) =>
        show({ is: "running", progress }),
      );
      if (signal.aborted) return;
      saveFile(file, csv.name);
      show({ is: "done", csv });
    } catch (error) {
      show({ is: "failed", error });
    }
  };
  const cancel = () => {
    control.current?.abort();
    setState({ is: "cancelled" });
  };
  return { state, start, cancel, forget: () => setState({ is: "ready" }) };
}

interface ExportDialogProps {
  query: LogQuery;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Says what a CSV will hold before it is made, how far it is, and afterwards whether it holds everything. */
export function ExportDialog({ query, open, onOpenChange }: ExportDialogProps) {
  const first = useRef<HTMLButtonElement>(null);
  const { state, start, cancel, forget } = useDownload(query);
  const isRunning = state.is === "running";
  const openChange = (next: boolean) => {
    // Escape or a click beside the box while it runs: cancels, and says so.
    if (!next && isRunning) return cancel();
    if (!next) forget();
    onOpenChange(next);
  };
  return (
    <Dialog title="Export CSV" open={open} onOpenChange={openChange} initialFocus={first}>
      <div className="flex flex-col gap-4 px-4 pt-1 pb-4">
        <Scope query={query} />
        <HowMany query={query} />
        {/* The figures change ten times a second: only beginning and end are announced. */}
        <p role="status" className={state.is === "cancelled" ? "text-muted text-sm" : "sr-only"}>
          {state.is === "running" ? "Exporting" : state.is === "cancelled" ? "Cancelled. No file was saved." : ""}
        </p>
        {state.is === "running" ? <Running progress={state.progress} /> : null}
        {state.is === "done" ? <Done csv={state.csv} /> : null}
        {state.is === "failed" ? <Failed error={state.error} /> : null}
        <div className="flex gap-2">
          {isRunning ? (
            <Button onClick={cancel}>Cancel</Button>
          ) : (
            <>
              <Button ref={first} look={state.is === "done" ? "secondary" : "primary"} onClick={() => void start()}>
                <Download aria-hidden className="size-3.5" />
                {state.is === "ready" ? "Export" : "Export again"}
              </Button>
              <Button look="quiet" onClick={() => openChange(false)}>
                Close
              </Button>
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** What is exported: application, window and filters, in words. */
function Scope({ query }: { query: LogQuery }) {
  const { kind, appName } = useLogActions();
  const filters = Object.entries(query.filters).sort();
  const labelOf = (name: string) => [...kind.filters, ...kind.fields].find((one) => one.name === name)?.label ?? name;
  const what = `${kind.noun.charAt(0).toUpperCase()}${kind.noun.slice(1)}`;
  return (
    <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
      <dt className="text-muted">What</dt>
      <dd className="break-words">
        {what} of {appName}
      </dd>
      <dt className="text-muted">Window</dt>
      <dd className="font-mono text-xs leading-5">
        <span className="whitespace-nowrap">{fullTime(query.from)} →</span>{" "}
        <span className="whitespace-nowrap">{fullTime(query.to)} UTC</span>
      </dd>
      <dt className="text-muted">Filters</dt>
      <dd className="min-w-0 break-words">
        {filters.length === 0
          ? "None"
          : filters.map(([name, value]) => (
              <span key={name} className="block">
                {labelOf(name)}: <span className="font-mono text-xs">{value}</span>
              </span>
            ))}
      </dd>
    </dl>
  );
}

/** How many rows that is, as far as it is known, and what the cap does to them. */
function HowMany({ query }: { query: LogQuery }) {
  const { data, isError } = useQuery(countQuery(query));
  const isOver = data !== undefined && data.rows > CSV_ROWS_MAX;
  return (
    <div className="rounded-md border border-line bg-surface px-3 py-2 text-sm">
      <p className="font-medium">
        {data ? (data.isExact ? counted(data.rows, "row") : `About ${counted(data.rows, "row")} (an estimate)`) : null}
        {data === undefined ? (isError ? "How many rows it is could not be counted" : "Counting the rows…") : null}
      </p>
      <p className="mt-0.5 text-muted">
        A CSV holds at most {counted(CSV_ROWS_MAX, "row")}.{" "}
        {isOver
          ? "This search has more: the file will hold the newest of them and say “truncated” in its name."
          : "If there are more, it holds the newest and says “truncated” in its name."}
      </p>
    </div>
  );
}

function Running({ progress }: { progress: DownloadProgress | undefined }) {
  const { rows = 0, total, bytes = 0 } = progress ?? {};
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-center gap-2 text-sm">
        <LoaderCircle aria-hidden className="size-3.5 animate-spin text-muted" />
        {progress === undefined
          ? "Collecting the rows"
          : total === undefined
            ? counted(rows, "row")
            : `${grouped(rows)} of ${counted(total, "row")}`}
        {bytes > 0 ? <span className="text-muted">{sizeText(bytes)}</span> : null}
      </p>
      <progress
        aria-label="Progress of the export"
        className="h-1.5 w-full accent-accent"
        max={total ?? 1}
        {...(total === undefined ? {} : { value: rows })}
      />
    </div>
  );
}

function Done({ csv }: { csv: Omit<DownloadedCsv, "file"> }) {
  return csv.truncated ? (
    <Notice tone="warning" title={`Truncated: the newest ${counted(csv.rows, "row")} were saved`}>
      There are more rows than a CSV holds. Narrow the window or add a filter for the older ones. File{" "}
      <span className="break-all font-mono text-xs">{csv.name}</span>, {sizeText(csv.bytes)}.
    </Notice>
  ) : (
    <Notice tone="info" title={`${counted(csv.rows, "row")} saved, not truncated`}>
      File <span className="break-all font-mono text-xs">{csv.name}</span>, {sizeText(csv.bytes)}.
    </Notice>
  );
}

function Failed({ error }: { error: unknown }) {
  if (error instanceof IncompleteCsv) {
    return (
      <Notice tone="error" title="The export broke off">
        {error.message} No file was saved.
      </Notice>
    );
  }
  // The connection broke while rows were arriving.
  if (error instanceof TypeError) {
    return (
      <Notice tone="error" title="The export broke off">
        The connection to the server was lost. No file was saved.
      </Notice>
    );
  }
  const { title, detail, requestId } = failureOf(error);
  return (
    <Notice tone="error" title={title}>
      {detail} No file was saved.
      {requestId ? <span className="mt-1 block break-all font-mono text-xs">Request {requestId}</span> : null}
    </Notice>
  );
}
