"use client";

import { type ReactElement, type ReactNode, useRef, useState } from "react";
import { Button } from "./button";
import { Dialog, DialogClose } from "./dialog";
import { Notice } from "./notice";
import { useSay } from "./toast";
import { type Act, useAct } from "./use-act";

interface RemovalDialogProps<I, T> {
  title: string;
  description: string;
  trigger: ReactElement;
  act: Act<I, T>;
  input: I;
  submit: { idle: string; busy: string };
  /** What is announced when it is done. */
  said: string;
  /** Where the focus goes then: what it is done to moves away, and the trigger with it. */
  focusId: string;
  /** What it means. */
  children: ReactNode;
}

/** Asks before a thing is taken out of use. */
export function RemovalDialog<I, T>({
  act,
  input,
  submit,
  said,
  focusId,
  children,
  ...dialog
}: RemovalDialogProps<I, T>) {
  const [open, setOpen] = useState(false);
  const safe = useRef<HTMLButtonElement>(null);
  const done = useRef(false);
  const say = useSay();
  const { run, busy, problem, forget } = useAct(act, () => {
    done.current = true;
    setOpen(false);
    say(said);
  });
  return (
    <Dialog
      {...dialog}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      initialFocus={safe}
      finalFocus={() => (done.current ? document.getElementById(focusId) : true)}
    >
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem ? <Notice tone="error" title={problem.detail} /> : null}
        {children}
        <div className="flex gap-2">
          <Button look="danger" disabled={busy} onClick={() => run(input)}>
            {busy ? submit.busy : submit.idle}
          </Button>
          <DialogClose render={<Button ref={safe} />}>Keep it</DialogClose>
        </div>
      </div>
    </Dialog>
  );
}
