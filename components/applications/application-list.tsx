import { Boxes } from "lucide-react";
import Link from "next/link";
import type { ManagedApp } from "@/lib/contracts/apps";
import { secondTime } from "../log-table/second-time";
import { CopyButton } from "../ui/copy-button";
import { ArchiveApplication } from "./archive-application";
import { keysText, rowsText } from "./counts";
import { RenameApplication } from "./rename-application";
import { RestoreApplication } from "./restore-application";

/** The applications in use, oldest first, then the archived ones. */
export function ApplicationList({ apps }: { apps: readonly ManagedApp[] }) {
  const used = apps.filter(({ archived_at }) => archived_at === null);
  const archived = apps.filter(({ archived_at }) => archived_at !== null);
  return (
    <div className="flex flex-col gap-6">
      {used.length > 0 ? (
        <ul className="border-line border-t">
          {used.map((app) => (
            <UsedApplication key={app.id} app={app} />
          ))}
        </ul>
      ) : (
        <div className="flex flex-col items-center gap-2 border-line border-y py-12 text-center text-muted">
          <Boxes aria-hidden className="size-6 text-faint" />
          <p>No application in use. Each one has a log of its own: make the first.</p>
        </div>
      )}
      {archived.length > 0 ? (
        <section aria-labelledby="apps-archived" className="flex flex-col gap-2">
          <h2 id="apps-archived" className="font-medium text-sm">
            Archived <span className="text-muted">{archived.length}</span>
          </h2>
          <ul className="border-line border-t">
            {archived.map((app) => (
              <li
                key={app.id}
                className="flex flex-col gap-x-6 gap-y-2 border-line border-b py-3 md:flex-row md:items-center"
              >
                <Name app={app} />
                <Facts app={app} />
                <div className="flex md:w-64 md:justify-end">
                  <RestoreApplication id={app.id} name={app.name} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <p className="text-faint text-xs">End of the list. Times are UTC.</p>
    </div>
  );
}

function UsedApplication({ app }: { app: ManagedApp }) {
  return (
    <li className="flex flex-col gap-x-6 gap-y-2 border-line border-b py-3 md:flex-row md:items-center">
      <Name app={app} />
      <Facts app={app} />
      <div className="flex flex-wrap items-center gap-2 max-md:-ml-2 md:w-64 md:justify-end">
        <Link
          href={`/logs/calls?app=${app.id}`}
          prefetch={false}
          aria-label={`Open its calls: ${app.name}`}
          className="inline-flex h-7 items-center rounded-md px-2 font-medium text-accent text-xs hover:bg-hover"
        >
          Open its calls
        </Link>
        <RenameApplication id={app.id} name={app.name} />
        <ArchiveApplication app={app} />
      </div>
    </li>
  );
}

function Facts({ app: { rows, live_keys, created_at, archived_at } }: { app: ManagedApp }) {
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-0.5 text-muted text-xs md:w-48 md:flex-col">
      <span>{archived_at ? rowsText(rows) : `${rowsText(rows)} · ${keysText(live_keys)}`}</span>
      <span>
        {archived_at ? "Archived" : "Created"} {secondTime(archived_at ?? created_at)}
      </span>
    </span>
  );
}

function Name({ app: { id, name } }: { app: ManagedApp }) {
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-0.5">
      <span className="truncate font-medium" title={name}>
        {name}
      </span>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="break-all font-mono text-faint text-xs">{id}</span>
        <CopyButton text={id} label="Copy ID" />
      </span>
    </div>
  );
}
