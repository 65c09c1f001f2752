import { CircleCheck, CircleSlash, Clock } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { secondTime } from "../log-table/second-time";
import { cx } from "../ui/class-names";
import { RevokeApiKey } from "./revoke-api-key";
import { rowsOfKey } from "./rows-link";

interface ApiKeyRowProps {
  apiKey: ApiKey;
  appNames: Readonly<Record<string, string>>;
  now: string;
  working: boolean;
}

/** One key: what it is, what it may do, when it was used, and its end. */
export function ApiKeyRow({ apiKey, appNames, now, working }: ApiKeyRowProps) {
  const { name, prefix, scopes, org_wide, app_id, created_at, created_by, last_used_at, expires_at } = apiKey;
  const appName = appNames[app_id] ?? "an archived application";
  const rowsHref = rowsOfKey(apiKey, Object.keys(appNames), now);
  return (
    <li className="flex flex-col gap-x-6 gap-y-2 border-line border-b py-3 lg:flex-row lg:items-start">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <span className="flex min-w-0 items-center gap-2">
          <span className={cx("truncate", working ? "font-medium" : "text-muted")} title={name}>
            {name}
          </span>
          <State apiKey={apiKey} working={working} />
        </span>
        <span className="break-all font-mono text-muted text-xs">{prefix}_…</span>
        <span className="flex flex-wrap gap-1">
          {scopes.map((scope) => (
            <span key={scope} className="rounded-sm border border-line px-1.5 font-mono text-muted text-xs">
              {scope}
            </span>
          ))}
        </span>
      </div>
      <dl className="flex min-w-0 flex-col gap-0.5 text-xs lg:w-80">
        <Fact name="Application">
          {org_wide ? `Every application; at home in ${appName}` : (appNames[app_id] ?? "Archived application")}
        </Fact>
        <Fact name="Created">
          {secondTime(created_at)}
          {created_by ? ` by ${created_by}` : null}
        </Fact>
        <Fact name="Last used">{last_used_at ? secondTime(last_used_at) : "Never"}</Fact>
        <Fact name={working ? "Expires" : "Ended"}>
          {working ? (expires_at ? secondTime(expires_at) : "Never") : secondTime(endOf(apiKey))}
        </Fact>
      </dl>
      <div className="flex items-center gap-2 lg:w-44 lg:justify-end">
        {rowsHref ? (
          <Link
            href={rowsHref}
            prefetch={false}
            aria-label={`Rows by this key: ${name}`}
            className="inline-flex h-7 items-center rounded-md px-2 font-medium text-accent text-xs hover:bg-hover"
          >
            Rows by this key
          </Link>
        ) : null}
        {working ? <RevokeApiKey apiKey={apiKey} appName={appName} /> : null}
      </div>
    </li>
  );
}

const endOf = ({ revoked_at, expires_at }: ApiKey) => revoked_at ?? expires_at ?? "";

function State({ apiKey, working }: { apiKey: ApiKey; working: boolean }) {
  const [Icon, word] = working
    ? ([CircleCheck, "Works"] as const)
    : apiKey.revoked_at
      ? ([CircleSlash, "Revoked"] as const)
      : ([Clock, "Expired"] as const);
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-muted text-xs">
      <Icon aria-hidden className="size-3.5" />
      {word}
    </span>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="w-20 shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 break-words text-muted">{children}</dd>
    </div>
  );
}
