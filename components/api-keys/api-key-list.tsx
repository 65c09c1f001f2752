import { KeyRound } from "lucide-react";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { fullTime } from "../log-table/time-text";
import { RevokeApiKey } from "./revoke-api-key";

interface ApiKeyListProps {
  apiKeys: readonly ApiKey[];
  appNames: Readonly<Record<string, string>>;
  /** The server's "now", RFC 3339. */
  now: string;
}

/** To the second: who used a key when is read here, not compared to the microsecond. */
const when = (time: string) => `${fullTime(`${time.slice(0, 19)}Z`)} UTC`;

function stateOf({ revoked_at, expires_at }: ApiKey, now: string): string | undefined {
  if (revoked_at) return `Revoked ${when(revoked_at)}`;
  if (expires_at && expires_at <= now) return `Expired ${when(expires_at)}`;
  return undefined;
}

/** Newest first; revoked keys stay, since rows of the log name them. */
export function ApiKeyList({ apiKeys, appNames, now }: ApiKeyListProps) {
  if (apiKeys.length === 0) {
    return (
      <div className="flex flex-col items-center gap-2 border-line border-y py-12 text-center text-muted">
        <KeyRound aria-hidden className="size-6 text-faint" />
        <p>No API keys yet. A program needs one to write rows.</p>
      </div>
    );
  }
  return (
    <ul className="flex flex-col border-line border-t">
      {apiKeys.map((key) => {
        const ended = stateOf(key, now);
        return (
          <li key={key.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 border-line border-b py-2.5">
            <div className="flex min-w-0 flex-1 basis-64 flex-col gap-0.5">
              <span className={ended ? "truncate text-muted line-through decoration-faint" : "truncate font-medium"}>
                {key.name}
              </span>
              <span className="break-all font-mono text-muted text-xs">{key.prefix}_…</span>
              <span className="break-words font-mono text-faint text-xs">{key.scopes.join(" · ")}</span>
            </div>
            <dl className="flex min-w-0 basis-72 flex-col gap-0.5 text-xs">
              <Fact
                name="Application"
                value={key.org_wide ? "Every application" : (appNames[key.app_id] ?? "Archived application")}
              />
              <Fact name="Created" value={`${when(key.created_at)}${key.created_by ? ` by ${key.created_by}` : ""}`} />
              <Fact name="Last used" value={key.last_used_at ? when(key.last_used_at) : "Never"} />
              {key.expires_at && !ended ? <Fact name="Expires" value={when(key.expires_at)} /> : null}
            </dl>
            <div className="flex min-w-24 sm:justify-end">
              {ended ? (
                <span className="text-muted text-xs">{ended}</span>
              ) : (
                <RevokeApiKey id={key.id} name={key.name} />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex gap-2">
      <dt className="w-20 shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 break-words text-muted">{value}</dd>
    </div>
  );
}
