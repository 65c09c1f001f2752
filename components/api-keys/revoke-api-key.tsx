"use client";

import { useRef, useState } from "react";
import { revokeApiKeyAction } from "@/lib/api-keys/api-keys.actions";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";
import { lastUse, whatStops } from "./what-stops";

/** Stops a key, after saying what stops with it. */
export function RevokeApiKey({ apiKey, appName }: { apiKey: ApiKey; appName: string }) {
  const { id, name, prefix } = apiKey;
  const [open, setOpen] = useState(false);
  const safe = useRef<HTMLButtonElement>(null);
  const { run, busy, problem, forget } = useAct(revokeApiKeyAction, () => setOpen(false));
  return (
    <Dialog
      title={`Revoke “${name}”?`}
      description="This cannot be undone. Rows that it wrote stay."
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      initialFocus={safe}
      trigger={
        <Button size="small" look="danger" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      }
    >
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem ? <Notice tone="error" title={problem.detail} /> : null}
        <div className="flex flex-col gap-1.5 rounded-md border border-line bg-surface p-3 text-sm">
          <p>
            Within a second <span className="break-all font-mono text-xs">{prefix}_…</span> is refused: its programs
            stop {whatStops(apiKey, appName)}.
          </p>
          <p className="text-muted">{lastUse(apiKey)}</p>
        </div>
        <div className="flex gap-2">
          <Button look="danger" disabled={busy} onClick={() => run({ id })}>
            {busy ? "Revoking…" : "Revoke the key"}
          </Button>
          <DialogClose render={<Button ref={safe} />}>Keep it</DialogClose>
        </div>
      </div>
    </Dialog>
  );
}
