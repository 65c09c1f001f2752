"use client";

import { useRef, useState } from "react";
import { signOutEverywhereAction } from "@/lib/account/account.actions";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";

/** Ends all sign-ins, this one too, after asking once. */
export function SignOutEverywhere() {
  const [open, setOpen] = useState(false);
  const safe = useRef<HTMLButtonElement>(null);
  // A whole page load: nothing of the session stays in this tab's memory.
  const { run, busy, problem } = useAct(signOutEverywhereAction, () => window.location.assign("/sign-in"));
  return (
    <Dialog
      title="Sign out everywhere?"
      description="Every browser that you are signed in with is signed out at once, this one too. API keys go on working."
      open={open}
      onOpenChange={setOpen}
      initialFocus={safe}
      trigger={<Button look="danger">Sign out everywhere</Button>}
    >
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem ? <Notice tone="error" title={problem.detail} /> : null}
        <div className="flex gap-2">
          <Button look="danger" disabled={busy} onClick={() => run({})}>
            {busy ? "Signing out…" : "Sign out everywhere"}
          </Button>
          <DialogClose render={<Button ref={safe} />}>Stay signed in</DialogClose>
        </div>
      </div>
    </Dialog>
  );
}
