"use client";

import { useFragment } from "../sign-in/fragment";
import { PasswordField } from "../sign-in/password-field";
import { useEntranceForm } from "../sign-in/use-entrance-form";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";

interface SetupFormProps {
  passwordCharsMin: number;
}

/** Makes organization, owner and first application, then signs the owner in. */
export function SetupForm({ passwordCharsMin }: SetupFormProps) {
  const token = useFragment("token");
  const { refusal, busy, onSubmit, errorOf } = useEntranceForm<undefined>({
    path: "/setup/complete",
    emailOf: ({ email = "" }) => email,
  });
  return (
    // POST: a form that is sent before its script runs would put token and password into the address.
    <form method="post" onSubmit={onSubmit} className="flex flex-col gap-3">
      {refusal ? <Notice tone="error" title={refusal.detail} /> : null}
      <Field
        key={token}
        label="Setup token"
        name="token"
        defaultValue={token}
        hint={
          token
            ? "From the address that you opened."
            : "Printed on the terminal where the server was started; each start prints a new one."
        }
        error={errorOf("token")}
        autoComplete="off"
        spellCheck={false}
        mono
        required
      />
      <Field
        label="Organization"
        name="organization_name"
        error={errorOf("organization_name")}
        autoComplete="organization"
        maxLength={120}
        required
      />
      <Field
        label="First application"
        name="app_name"
        hint="Each application has a log of its own; more can follow."
        error={errorOf("app_name")}
        autoComplete="off"
        maxLength={120}
        required
      />
      <Field
        label="Your e-mail address"
        name="email"
        type="email"
        hint="You sign in with it. Nothing is sent to it."
        error={errorOf("email")}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="new-password"
        hint={`At least ${passwordCharsMin} characters.`}
        error={errorOf("password")}
        minLength={passwordCharsMin}
      />
      <Button type="submit" look="primary" disabled={busy} className="mt-1">
        {busy ? "Setting up…" : "Set up"}
      </Button>
    </form>
  );
}
