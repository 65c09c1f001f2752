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
  /** The heading above the keys that work. */
  headingId: string;
}

/** Name, application, making, last use, expiry, revoking: side by side in a wide window, below each other in a narrow one. */
const COLUMNS = "lg:grid lg:grid-cols-[minmax(0,1fr)_9rem_12rem_9rem_9rem_4.5rem] lg:gap-x-5";

/** What the columns hold, for eyes only: every entry says it too. */
export function ApiKeyHead({ working }: { working: boolean }) {
  return (
    <div aria-hidden className={cx("hidden border-line border-b pb-1.5 text-faint text-xs", COLUMNS)}>
      <span>Name</span>
      <span>Application</span>
      <span>Created</span>
      <span>Last used</span>
      <span>{working ? "Expires" : "Ended"}</span>
    </div>
  );
}

/** One key: what it is, what it may do, when it was used, and its end. */
export function ApiKeyRow({ apiKey, appNames, now, working, headingId }: ApiKeyRowProps) {
  const { name, prefix, scopes, org_wide, app_id, created_at, created_by, last_used_at, expires_at } = apiKey;
  const appName = appNames[app_id] ?? "an archived application";
  const rowsLink = rowsOfKey(apiKey, appNames, now);
  const end = working ? expires_at : endOf(apiKey);
  return (
    <li className={cx("flex flex-col gap-y-2 border-line border-b py-2.5", COLUMNS)}>
      <div className="flex min-w-0 flex-col gap-1">
        <span className="flex min-w-0 items-center gap-2">
          <span className={cx("truncate", working ? "font-medium" : "text-muted")} title={name}>
            {name}
          </span>
          <State apiKey={apiKey} working={working} />
        </span>
        <span className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs">
          <span className="break-all font-mono text-muted">{prefix}_…</span>
          {rowsLink ? (
            <Link
              href={rowsLink.href}
              prefetch={false}
              aria-label={`${rowsLink.text}: ${name}`}
              className="font-medium text-accent hover:underline"
            >
              {rowsLink.text}
            </Link>
          ) : null}
        </span>
        <span className="flex flex-wrap gap-1">
          {scopes.map((scope) => (
            <span key={scope} className="rounded-sm border border-line px-1.5 font-mono text-muted text-xs">
              {scope}
            </span>
          ))}
        </span>
      </div>
      <dl className="flex min-w-0 flex-col gap-0.5 text-xs lg:contents">
        <Fact name="Application">
          {org_wide ? `Every application; at home in ${appName}` : (appNames[app_id] ?? "Archived application")}
        </Fact>
        <Fact name="Created">
          <span>{secondTime(created_at)}</span>
          {created_by ? <span className="block break-all">by {created_by}</span> : null}
        </Fact>
        <Fact name="Last used">{last_used_at ? secondTime(last_used_at) : "Never"}</Fact>
        <Fact name={working ? "Expires" : "Ended"}>{end ? secondTime(end) : "Never"}</Fact>
      </dl>
      <div className="lg:text-right">
        {working ? <RevokeApiKey apiKey={apiKey} appName={appName} headingId={headingId} /> : null}
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
    <div className="flex min-w-0 gap-2 lg:block lg:pt-0.5">
      <dt className="w-20 shrink-0 text-faint lg:sr-only">{name}</dt>
      <dd className="min-w-0 break-words text-muted">{children}</dd>
    </div>
  );
}
