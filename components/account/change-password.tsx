"use client";

import { type FormEvent, useRef, useState } from "react";
import { changePasswordAction } from "@/lib/account/account.actions";
import { PasswordField } from "../sign-in/password-field";
import { fieldsOf } from "../sign-in/post-form";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";

interface ChangePasswordProps {
  email: string;
  passwordCharsMin: number;
}

function endedText(ended: number): string {
  if (ended === 0) return "You were signed in nowhere else.";
  return ended === 1 ? "Your other sign-in was ended." : `Your ${ended} other sign-ins were ended.`;
}

/** Another password, against the current one. */
export function ChangePassword({ email, passwordCharsMin }: ChangePasswordProps) {
  const form = useRef<HTMLFormElement>(null);
  const [ended, setEnded] = useState<number>();
  const { run, busy, problem, errorOf } = useAct(changePasswordAction, (done) => {
    setEnded(done.ended);
    form.current?.reset();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setEnded(undefined);
    const { current_password = "", new_password = "" } = fieldsOf(event.currentTarget);
    run({ current_password, new_password });
  };
  return (
    <form ref={form} method="post" onSubmit={submit} className="flex max-w-md flex-col gap-3">
      {problem && problem.errors.length === 0 ? <Notice tone="error" title={problem.detail} /> : null}
      {ended === undefined || problem ? null : (
        <Notice tone="info" title="The password was changed.">
          {endedText(ended)}
        </Notice>
      )}
      {/* For password managers: the name that the password belongs to. */}
      <input type="email" name="email" value={email} autoComplete="username" readOnly hidden />
      <PasswordField
        label="Current password"
        name="current_password"
        autoComplete="current-password"
        error={errorOf("current_password")}
      />
      <PasswordField
        label="New password"
        name="new_password"
        autoComplete="new-password"
        hint={`At least ${passwordCharsMin} characters.`}
        error={errorOf("new_password")}
        minLength={passwordCharsMin}
      />
      <Button type="submit" disabled={busy} className="self-start">
        {busy ? "Changing…" : "Change the password"}
      </Button>
    </form>
  );
}
