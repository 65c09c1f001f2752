import { Database } from "lucide-react";
import Link from "next/link";
import type { DataSource } from "@/lib/contracts/data-sources";
import type { NewestRows } from "@/lib/contracts/newest-row";
import { DisconnectSource } from "./disconnect-source";
import { EditSource } from "./edit-source";
import { LastTest, Silence, SourceState } from "./source-facts";
import { TestSource } from "./test-source";
import { TYPE_NAMES } from "./type-names";

/** A data source and what the list says of its rows. */
export interface ListedSource {
  source: DataSource;
  appName: string;
  /** Of those in use. */
  newest: NewestRows | undefined;
}

/** Data sources in use, then disconnected ones: their rows still lead to them. */
export function SourceList({ sources, now }: { sources: readonly ListedSource[]; now: string }) {
  if (sources.length === 0) {
    return (
      <div className="flex flex-col items-center gap-2 border-line border-y py-12 text-center text-muted">
        <Database aria-hidden className="size-6 text-faint" />
        <p>No data source yet. Connect the first, and its statements can be recorded.</p>
      </div>
    );
  }
  const used = sources.filter(({ source }) => source.state === "connected");
  const gone = sources.filter(({ source }) => source.state === "disconnected");
  return (
    <div className="flex flex-col gap-6">
      <ul className="border-line border-t">
        {used.map((listed) => (
          <SourceEntry key={listed.source.id} listed={listed} now={now} />
        ))}
      </ul>
      {gone.length > 0 ? (
        <section aria-labelledby="sources-disconnected" className="flex flex-col gap-2">
          <h2 id="sources-disconnected" className="font-medium text-sm">
            Disconnected <span className="text-muted">{gone.length}</span>
          </h2>
          <ul className="border-line border-t">
            {gone.map((listed) => (
              <SourceEntry key={listed.source.id} listed={listed} now={now} />
            ))}
          </ul>
        </section>
      ) : null}
      <p className="text-faint text-xs">End of the list. Times are UTC.</p>
    </div>
  );
}

function SourceEntry({ listed: { source, appName, newest }, now }: { listed: ListedSource; now: string }) {
  const { id, name, type, host, port, database, state } = source;
  const inUse = state === "connected";
  return (
    <li className="flex flex-col gap-x-6 gap-y-2 border-line border-b py-3 md:flex-row md:items-start">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex min-w-0 items-center gap-2">
          <Link
            href={`/settings/data-sources/${id}`}
            prefetch={false}
            className="truncate font-medium text-accent hover:underline"
            title={name}
          >
            {name}
          </Link>
          <SourceState state={state} />
        </span>
        <span className="text-muted text-xs">
          {TYPE_NAMES[type]} · {appName}
        </span>
        {host === null ? null : (
          <span className="break-all font-mono text-faint text-xs">
            {host}:{port}/{database}
          </span>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-1 md:w-80">
        {inUse ? <LastTest source={source} /> : null}
        {newest ? <Silence newest={newest} now={now} /> : null}
      </div>
      <div className="flex flex-wrap items-center gap-2 md:w-56 md:justify-end">
        {inUse && host !== null ? <TestSource source={source} /> : null}
        <EditSource source={source} />
        {inUse ? <DisconnectSource source={source} /> : null}
      </div>
    </li>
  );
}
