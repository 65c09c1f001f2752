"use client";

import { type FormEvent, type ReactElement, useRef } from "react";
import type { Problem } from "@/lib/errors/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";

interface NameDialogProps {
  title: string;
  description: string;
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The name to begin with. */
  name?: string;
  onSubmit: (name: string) => void;
  busy: boolean;
  problem: Pick<Problem, "detail" | "errors"> | undefined;
  submit: { idle: string; busy: string };
}

/** Asks for an application's name. */
export function NameDialog({ name, onSubmit, busy, problem, submit, ...dialog }: NameDialogProps) {
  const field = useRef<HTMLInputElement>(null);
  const fault = problem?.errors.find(({ pointer }) => pointer === "/name")?.message;
  // A name that is taken is the name's fault, though no pointer says so.
  const nameError = fault ?? (problem?.errors.length === 0 ? problem.detail : undefined);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(String(new FormData(event.currentTarget).get("name")));
  };
  return (
    <Dialog
      {...dialog}
      // Selected, so that typing gives another name and an arrow key changes this one.
      initialFocus={() => {
        field.current?.select();
        return field.current;
      }}
    >
      <form method="post" onSubmit={send} className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem && nameError === undefined ? <Notice tone="error" title={problem.detail} /> : null}
        <Field
          ref={field}
          label="Name"
          name="name"
          defaultValue={name}
          error={nameError}
          maxLength={120}
          autoComplete="off"
          required
        />
        <Button type="submit" look="primary" disabled={busy} className="self-start">
          {busy ? submit.busy : submit.idle}
        </Button>
      </form>
    </Dialog>
  );
}
