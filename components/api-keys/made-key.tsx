"use client";

import { useEffect, useRef } from "react";
import type { NewApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Dialog, DialogClose } from "../ui/dialog";

interface MadeKeyProps {
  made: NewApiKey;
  kept: boolean;
  /** It was copied, with the button or by hand. */
  onKept: () => void;
  onDone: () => void;
  /** Somebody is about to leave it without having copied it. */
  asking: boolean;
  onAskingChange: (asking: boolean) => void;
  onLeave: () => void;
}

/** The browser asks before it reloads or closes the page; no app may choose its words. */
function useQuestionBeforeUnload(wanted: boolean): void {
  // Talks to the browser, which asks whenever somebody prevents this event.
  useEffect(() => {
    if (!wanted) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [wanted]);
}

/** A new key, to be copied before it is gone. */
export function MadeKey({ made, kept, onKept, onDone, asking, onAskingChange, onLeave }: MadeKeyProps) {
  const copy = useRef<HTMLButtonElement>(null);
  useQuestionBeforeUnload(!kept);
  // Talks to the browser's focus: the form that had it is gone.
  useEffect(() => copy.current?.focus(), []);
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
      <p
        className="select-all break-all rounded-md border border-line bg-surface p-3 font-mono text-xs"
        data-testid="new-key"
        onCopy={onKept}
      >
        {made.key}
      </p>
      <p className="text-muted text-xs">
        The list shows its first part, <span className="break-all font-mono">{made.prefix}</span>; rows that it writes
        carry it as caller_key_prefix.
      </p>
      <div className="flex gap-2">
        <CopyButton ref={copy} text={made.key} onCopied={onKept} />
        <Button size="small" look="primary" onClick={onDone}>
          Done
        </Button>
      </div>
      <LeaveKey open={asking} onOpenChange={onAskingChange} onLeave={onLeave} />
    </div>
  );
}

interface LeaveKeyProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onLeave: () => void;
}

/** Asks before a key is lost that was not copied. */
function LeaveKey({ open, onOpenChange, onLeave }: LeaveKeyProps) {
  const safe = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      title="Close without copying the key?"
      description="The key is shown only once. Without it, you can only revoke it and make another."
      open={open}
      onOpenChange={onOpenChange}
      initialFocus={safe}
    >
      <div className="flex gap-2 px-4 pt-1 pb-4">
        <DialogClose render={<Button ref={safe} look="primary" />}>Go back</DialogClose>
        <Button look="danger" onClick={onLeave}>
          Close without copying
        </Button>
      </div>
    </Dialog>
  );
}
