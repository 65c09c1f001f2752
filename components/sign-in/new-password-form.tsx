"use client";

import { type FormEvent, useState } from "react";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { signIn } from "./auth-client";
import { useFragment } from "./fragment";
import { PasswordField } from "./password-field";
import { fieldsOf, focusFault, postForm, type Refusal } from "./post-form";

/** Chooses a password with the one-time link of `affidavit user`, then signs in with it. */
export function NewPasswordForm({ passwordCharsMin }: { passwordCharsMin: number }) {
  const token = useFragment("token");
  const email = useFragment("email");
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { password = "" } = fieldsOf(form);
    setBusy(true);
    setRefusal(undefined);
    const answer = await postForm<{ email: string }>("/sign-in/new-password/complete", { token, password });
    if (!answer.ok) {
      setBusy(false);
      setRefusal(answer.refusal);
      return focusFault(form, answer.refusal.errors);
    }
    const outcome = await signIn(answer.data.email, password);
    window.location.assign(outcome === "signed_in" ? "/" : "/sign-in");
  };
  const errorOf = (name: string) => refusal?.errors.find(({ pointer }) => pointer === `/${name}`)?.message;
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      {refusal ? <Notice tone="error" title={refusal.detail} /> : null}
      {/* For password managers: the name that the new password belongs to. */}
      <Field
        key={email}
        label="E-mail address"
        name="email"
        type="email"
        defaultValue={email}
        autoComplete="username"
        readOnly
      />
      <PasswordField
        label="New password"
        name="password"
        autoComplete="new-password"
        hint={`At least ${passwordCharsMin} characters.`}
        error={errorOf("password")}
        minLength={passwordCharsMin}
      />
      <Button type="submit" look="primary" disabled={busy} className="mt-1">
        {busy ? "Setting it…" : "Set the password and sign in"}
      </Button>
    </form>
  );
}
