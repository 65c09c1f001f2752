"use client";

import { useRef, useState } from "react";
import { archiveAppAction } from "@/lib/apps/apps.actions";
import type { ManagedApp } from "@/lib/contracts/apps";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";
import { rowsText } from "./counts";

function keysStop(keys: number): string {
  if (keys === 0) return "No key works for it at present.";
  return keys === 1 ? "Its one working key is refused here." : `Its ${keys} working keys are refused here.`;
}

/** Takes an application out of use, after saying what stops. */
export function ArchiveApplication({ app: { id, name, rows, live_keys } }: { app: ManagedApp }) {
  const [open, setOpen] = useState(false);
  const safe = useRef<HTMLButtonElement>(null);
  const { run, busy, problem, forget } = useAct(archiveAppAction, () => setOpen(false));
  return (
    <Dialog
      title={`Archive “${name}”?`}
      description="It can be restored at any time, with its log and its keys."
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      initialFocus={safe}
      trigger={
        <Button size="small" aria-label={`Archive ${name}`}>
          Archive
        </Button>
      }
    >
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem ? <Notice tone="error" title={problem.detail} /> : null}
        <ul className="flex list-disc flex-col gap-1 rounded-md border border-line bg-surface py-3 pr-3 pl-7 text-sm">
          <li>Programs can no longer write to it. {keysStop(live_keys)}</li>
          <li>Nobody can search, follow or export it until it is restored.</li>
          <li>
            Its log stays{rows > 0 ? `, with its ${rowsText(rows)}` : ""}. So does its name: no other can take it.
          </li>
        </ul>
        <div className="flex gap-2">
          <Button look="danger" disabled={busy} onClick={() => run({ id })}>
            {busy ? "Archiving…" : "Archive the application"}
          </Button>
          <DialogClose render={<Button ref={safe} />}>Keep it</DialogClose>
        </div>
      </div>
    </Dialog>
  );
}
