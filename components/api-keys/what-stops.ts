import type { ApiKey } from "@/lib/contracts/api-keys";
import { secondTime } from "../log-table/second-time";

const ACTS: Record<string, string> = {
  "events:write": "writing rows",
  "events:read": "reading rows",
  "system:write": "writing system rows",
  "exports:create": "exporting",
  "keys:manage": "managing API keys",
  "apps:manage": "managing applications",
};

function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** What a key's end stops, in words: `writing rows and reading rows of Billing`. */
export function whatStops({ scopes, org_wide }: ApiKey, appName: string): string {
  const acts = list(scopes.map((scope) => ACTS[scope] ?? scope));
  return `${acts} ${org_wide ? "in every application" : `in ${appName}`}`;
}

/** Whether anybody would notice: when the key was last used. */
export function lastUse({ last_used_at }: ApiKey): string {
  return last_used_at ? `It was last used ${secondTime(last_used_at)} UTC.` : "It was never used.";
}
