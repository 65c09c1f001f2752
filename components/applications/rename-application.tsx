"use client";

import { useState } from "react";
import { renameAppAction } from "@/lib/apps/apps.actions";
import { Button } from "../ui/button";
import { useAct } from "../ui/use-act";
import { NameDialog } from "./name-dialog";

/** Another name for an application; id, log and keys stay. */
export function RenameApplication({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState(false);
  const { run, busy, problem, forget } = useAct(renameAppAction, () => setOpen(false));
  return (
    <NameDialog
      title={`Rename “${name}”`}
      description="Its id, log and keys stay as they are: programs need not be changed."
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      name={name}
      onSubmit={(wanted) => run({ id, name: wanted })}
      busy={busy}
      problem={problem}
      submit={{ idle: "Rename", busy: "Renaming…" }}
      trigger={
        <Button size="small" aria-label={`Rename ${name}`}>
          Rename
        </Button>
      }
    />
  );
}
