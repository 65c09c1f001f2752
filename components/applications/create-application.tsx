"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { createAppAction } from "@/lib/apps/apps.actions";
import { Button } from "../ui/button";
import { useAct } from "../ui/use-act";
import { NameDialog } from "./name-dialog";

/** Makes an application, and with it a log. */
export function CreateApplication() {
  const [open, setOpen] = useState(false);
  const { run, busy, problem, forget } = useAct(createAppAction, () => setOpen(false));
  return (
    <NameDialog
      title="New application"
      description="It gets a log of its own. Its rows are numbered from zero."
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      onSubmit={(name) => run({ name })}
      busy={busy}
      problem={problem}
      submit={{ idle: "Create", busy: "Creating…" }}
      trigger={
        <Button look="primary">
          <Plus aria-hidden className="size-3.5" />
          New application
        </Button>
      }
    />
  );
}
