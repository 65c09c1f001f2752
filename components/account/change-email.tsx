"use client";

import { type FormEvent, useRef, useState } from "react";
import { changeEmailAction } from "@/lib/account/account.actions";
import { PasswordField } from "../sign-in/password-field";
import { fieldsOf } from "../sign-in/post-form";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";

/** Another sign-in name, against the current password. */
export function ChangeEmail({ email }: { email: string }) {
  const [open, setOpen] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const { run, busy, problem, errorOf, forget } = useAct(changeEmailAction, () => setOpen(false));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { email: wanted = "", current_password = "" } = fieldsOf(event.currentTarget);
    run({ email: wanted, current_password });
  };
  return (
    <Dialog
      title="Change the e-mail address"
      description="You sign in with it from now on. Nothing is sent to it."
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      initialFocus={first}
      trigger={
        <Button size="small" aria-label="Change the e-mail address">
          Change
        </Button>
      }
    >
      <form method="post" onSubmit={submit} className="flex flex-col gap-3 px-4 pt-1 pb-4">
        {problem && problem.errors.length === 0 ? <Notice tone="error" title={problem.detail} /> : null}
        <Field
          ref={first}
          label="New e-mail address"
          name="email"
          type="email"
          defaultValue={email}
          error={errorOf("email")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <PasswordField
          label="Current password"
          name="current_password"
          autoComplete="current-password"
          error={errorOf("current_password")}
        />
        <Button type="submit" look="primary" disabled={busy} className="self-start">
          {busy ? "Changing…" : "Change it"}
        </Button>
      </form>
    </Dialog>
  );
}
