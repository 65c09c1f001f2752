import Link from "next/link";
import type { App } from "@/lib/contracts/apps";
import { fullTime } from "../log-table/time-text";
import { CopyButton } from "../ui/copy-button";

/** The applications of the organization, oldest first. */
export function ApplicationList({ apps }: { apps: readonly App[] }) {
  return (
    <ul className="flex flex-col border-line border-t">
      {apps.map(({ id, name, created_at }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-2">
          <div className="flex min-w-0 flex-1 basis-80 flex-col">
            <span className="truncate font-medium">{name}</span>
            <span className="break-all font-mono text-faint text-xs">{id}</span>
          </div>
          <span className="text-muted text-xs">Created {fullTime(`${created_at.slice(0, 19)}Z`)} UTC</span>
          <div className="flex items-center gap-2">
            <CopyButton text={id} label="Copy ID" />
            <Link
              href={`/logs/calls?app=${id}`}
              prefetch={false}
              className="inline-flex h-7 items-center rounded-md px-2 font-medium text-accent text-xs hover:bg-hover"
            >
              Open its calls
            </Link>
          </div>
        </li>
      ))}
    </ul>
  );
}
