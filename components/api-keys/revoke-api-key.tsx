"use client";

import { useState } from "react";
import { revokeApiKeyAction } from "@/lib/api-keys/api-keys.actions";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";

/** Stops a key, after asking once. */
export function RevokeApiKey({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState(false);
  const { run, busy, problem } = useAct(revokeApiKeyAction, () => setOpen(false));
  return (
    <Dialog
      title={`Revoke “${name}”?`}
      description="Programs that use it are refused from now on. This cannot be undone; rows that it wrote stay."
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="small" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      }
    >
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem ? <Notice tone="error" title={problem.detail} /> : null}
        <div className="flex gap-2">
          <Button look="danger" disabled={busy} onClick={() => run({ id })}>
            {busy ? "Revoking…" : "Revoke the key"}
          </Button>
          <DialogClose render={<Button />}>Keep it</DialogClose>
        </div>
      </div>
    </Dialog>
  );
}
