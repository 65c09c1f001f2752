"use client";

import { useQuery } from "@tanstack/react-query";
import type { DataSource } from "@/lib/contracts/data-sources";
import { CopyButton } from "../ui/copy-button";
import { collectorCommand, LOG_DIR_SQL } from "./collector-text";
import { coverageQuery } from "./sources.queries";

/** The command that records this data source's statements, ready to be run where its log files are. */
export function CollectorCommand({ source, origin }: { source: DataSource; origin: string }) {
  const { data, isFetching } = useQuery({ ...coverageQuery(source), enabled: source.host !== null });
  const logDir = data?.log_dir ?? null;
  const command = collectorCommand({ id: source.id, origin }, logDir);
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-muted text-sm">
        Run this on the machine of the server, as a user who may read its log files, with a key that has the scope{" "}
        <code className="font-mono text-xs">events:write</code> in this application.
      </p>
      <code className="w-full whitespace-pre-wrap break-words rounded-md border border-line bg-surface px-2.5 py-2 font-mono text-xs">
        {command}
      </code>
      {logDir === null && !isFetching ? (
        <p className="text-muted text-sm">
          Fill in the directory of the log files. On the server this tells it, the second below the first:{" "}
          <code className="break-words font-mono text-xs">{LOG_DIR_SQL}</code>
        </p>
      ) : null}
      <CopyButton text={command} label="Copy command" />
    </div>
  );
}
