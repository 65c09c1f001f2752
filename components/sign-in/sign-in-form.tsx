"use client";

import { type FormEvent, useState } from "react";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { type SignInOutcome, signIn } from "./auth-client";

const MESSAGES: Record<Exclude<SignInOutcome, "signed_in">, { title: string; detail?: string }> = {
  refused: { title: "E-mail address or password is wrong." },
  rate_limited: { title: "Too many attempts.", detail: "Try again in 15 minutes." },
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
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setOutcome(undefined);
    const result = await signIn(String(form.get("email")), String(form.get("password")));
    // A whole page load: the server renders the first rows, and nothing of a former session is left in memory.
    if (result === "signed_in") return window.location.assign(next);
    setBusy(false);
    setOutcome(result);
  };
  const message = outcome ? MESSAGES[outcome] : undefined;
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      {message ? (
        <Notice tone="error" title={message.title}>
          {message.detail}
        </Notice>
      ) : null}
      <Field label="E-mail address" name="email" type="email" autoComplete="username" required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <Button type="submit" look="primary" disabled={busy} className="mt-1">
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
