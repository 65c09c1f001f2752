"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { createAppAction } from "@/lib/apps/apps.actions";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";

/** Makes an application, and with it a log. */
export function CreateApplication() {
  const [open, setOpen] = useState(false);
  const { run, busy, problem, errorOf, forget } = useAct(createAppAction, () => setOpen(false));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    run({ name: String(new FormData(event.currentTarget).get("name")) });
  };
  const nameError = errorOf("name") ?? (problem?.errors.length === 0 ? problem.detail : undefined);
  return (
    <Dialog
      title="New application"
      description="It gets a log of its own. Its rows are numbered from zero."
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      trigger={
        <Button look="primary">
          <Plus aria-hidden className="size-3.5" />
          New application
        </Button>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem && problem.errors.length > 0 && !errorOf("name") ? (
          <Notice tone="error" title={problem.detail} />
        ) : null}
        <Field label="Name" name="name" error={nameError} maxLength={120} autoComplete="off" required />
        <Button type="submit" look="primary" disabled={busy} className="self-start">
          {busy ? "Creating…" : "Create"}
        </Button>
      </form>
    </Dialog>
  );
}
