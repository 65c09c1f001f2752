import { KeyRound } from "lucide-react";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { ApiKeyHead, ApiKeyRow } from "./api-key-row";

interface ApiKeyListProps {
  apiKeys: readonly ApiKey[];
  /** Those that this person may open, by id. */
  appNames: Readonly<Record<string, string>>;
  /** The server's "now", RFC 3339. */
  now: string;
}

const WORKING_ID = "keys-working";

const isOver = ({ revoked_at, expires_at }: ApiKey, now: string) =>
  revoked_at !== null || (expires_at !== null && expires_at <= now);

/** Keys that work, newest first, then those that do not: they stay, since rows of the log name them. */
export function ApiKeyList({ apiKeys, appNames, now }: ApiKeyListProps) {
  if (apiKeys.length === 0) {
    return (
      <div className="flex flex-col items-center gap-2 border-line border-y py-12 text-center text-muted">
        <KeyRound aria-hidden className="size-6 text-faint" />
        <p>No API keys yet. A program needs one to write rows.</p>
      </div>
    );
  }
  const working = apiKeys.filter((key) => !isOver(key, now));
  const over = apiKeys.filter((key) => isOver(key, now));
  const rows = (keys: readonly ApiKey[], isWorking: boolean) => (
    <div>
      <ApiKeyHead working={isWorking} />
      <ul className="max-lg:border-line max-lg:border-t">
        {keys.map((key) => (
          <ApiKeyRow
            key={key.id}
            apiKey={key}
            appNames={appNames}
            now={now}
            working={isWorking}
            headingId={WORKING_ID}
          />
        ))}
      </ul>
    </div>
  );
  return (
    <div className="flex flex-col gap-6">
      <section aria-labelledby={WORKING_ID} className="flex flex-col gap-2">
        <h2 id={WORKING_ID} tabIndex={-1} className="font-medium text-sm">
          Working <span className="text-muted">{working.length}</span>
        </h2>
        {working.length > 0 ? (
          rows(working, true)
        ) : (
          <p className="border-line border-y py-6 text-center text-muted">No key works at present.</p>
        )}
      </section>
      {over.length > 0 ? (
        <section aria-labelledby="keys-over" className="flex flex-col gap-2">
          <h2 id="keys-over" className="font-medium text-sm">
            Revoked and expired <span className="text-muted">{over.length}</span>
          </h2>
          {rows(over, false)}
        </section>
      ) : null}
      <p className="text-faint text-xs">End of the list. Times are UTC.</p>
    </div>
  );
}
