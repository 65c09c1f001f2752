"use client";

import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { useFragment } from "./fragment";
import { PasswordField } from "./password-field";
import { useEntranceForm } from "./use-entrance-form";

/** Chooses a password with the one-time link of `affidavit user`, then signs in with it. */
export function NewPasswordForm({ passwordCharsMin }: { passwordCharsMin: number }) {
  const token = useFragment("token");
  const email = useFragment("email");
  const { refusal, busy, onSubmit, errorOf } = useEntranceForm<{ email: string }>({
    path: "/sign-in/new-password/complete",
    bodyOf: ({ password = "" }) => ({ token, password }),
    emailOf: (_, answer) => answer.email,
  });
  return (
    <form method="post" onSubmit={onSubmit} className="flex flex-col gap-3">
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
