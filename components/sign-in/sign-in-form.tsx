"use client";

import { type FormEvent, useState } from "react";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { type SignInOutcome, signIn } from "./auth-client";
import { PasswordField } from "./password-field";
import { fieldsOf, focusFault } from "./post-form";

const MESSAGES: Record<Exclude<SignInOutcome, "signed_in">, { title: string; detail?: string }> = {
  refused: { title: "E-mail address or password is wrong." },
  rate_limited: { title: "Too many attempts.", detail: "Try again in 15 minutes." },
  not_kept: {
    title: "The browser did not keep the sign-in.",
    detail: "Allow cookies for this site, and open the portal at its own address.",
  },
  unavailable: { title: "The server did not answer as it should.", detail: "Try again in a moment." },
};

interface SignInFormProps {
  /** A path of this site to go to afterwards. */
  next: string;
}

export function SignInForm({ next }: SignInFormProps) {
  const [outcome, setOutcome] = useState<keyof typeof MESSAGES>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { email = "", password = "" } = fieldsOf(form);
    setBusy(true);
    setOutcome(undefined);
    const result = await signIn(email, password);
    // A whole page load: the server renders the first rows, and nothing of a former session is left in memory.
    if (result === "signed_in") return window.location.assign(next);
    setBusy(false);
    setOutcome(result);
    if (result === "refused") focusFault(form, [{ pointer: "/password", message: "" }]);
  };
  const message = outcome ? MESSAGES[outcome] : undefined;
  return (
    // POST: a form that is sent before its script runs would put the password into the address.
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      {message ? (
        <Notice tone="error" title={message.title}>
          {message.detail}
        </Notice>
      ) : null}
      <Field
        label="E-mail address"
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <PasswordField label="Password" name="password" autoComplete="current-password" />
      <Button type="submit" look="primary" disabled={busy} className="mt-1">
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
