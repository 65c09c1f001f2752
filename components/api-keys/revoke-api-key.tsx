import { revokeApiKeyAction } from "@/lib/api-keys/api-keys.actions";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { RemovalDialog } from "../ui/removal-dialog";
import { lastUse, whatStops } from "./what-stops";

interface RevokeApiKeyProps {
  apiKey: ApiKey;
  appName: string;
  /** The heading of the list that it leaves. */
  headingId: string;
}

/** Stops a key, after saying what stops with it. */
export function RevokeApiKey({ apiKey, appName, headingId }: RevokeApiKeyProps) {
  const { id, name, prefix } = apiKey;
  return (
    <RemovalDialog
      title={`Revoke “${name}”?`}
      description="This cannot be undone. Rows that it wrote stay."
      trigger={
        <Button size="small" look="danger" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      }
      act={revokeApiKeyAction}
      input={{ id }}
      submit={{ idle: "Revoke the key", busy: "Revoking…" }}
      said={`Revoked “${name}”`}
      focusId={headingId}
    >
      <div className="flex flex-col gap-1.5 rounded-md border border-line bg-surface p-3 text-sm">
        <p>
          Within a second <span className="break-all font-mono text-xs">{prefix}_…</span> is refused: its programs stop{" "}
          {whatStops(apiKey, appName)}.
        </p>
        <p className="text-muted">{lastUse(apiKey)}</p>
      </div>
    </RemovalDialog>
  );
}
