"use client";

import { type FormEvent, useState, useSyncExternalStore } from "react";
import type { Fault } from "@/lib/errors/app-error";
import { signIn } from "../sign-in/auth-client";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";

interface Refusal {
  detail: string;
  errors: readonly Fault[];
}

const NO_ANSWER: Refusal = { detail: "The server did not answer as it should. Try again in a moment.", errors: [] };

/** The token of `#token=…`: a fragment never reaches a server or its logs. */
function tokenInFragment(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
}
const onHashChange = (notify: () => void) => {
  window.addEventListener("hashchange", notify);
  return () => window.removeEventListener("hashchange", notify);
};

async function setUp(fields: Record<string, string>): Promise<Refusal | undefined> {
  try {
    const response = await fetch("/setup/complete", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (response.ok) return undefined;
    const problem = (await response.json()) as Partial<Refusal>;
    return { detail: problem.detail ?? NO_ANSWER.detail, errors: problem.errors ?? [] };
  } catch {
    return NO_ANSWER;
  }
}

interface SetupFormProps {
  passwordCharsMin: number;
}

/** Makes organization, owner and first application, then signs the owner in. */
export function SetupForm({ passwordCharsMin }: SetupFormProps) {
  const token = useSyncExternalStore(onHashChange, tokenInFragment, () => "");
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const fields = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
    setBusy(true);
    setRefusal(undefined);
    const refused = await setUp(fields);
    if (refused) {
      setBusy(false);
      return setRefusal(refused);
    }
    const signedIn = await signIn(fields.email ?? "", fields.password ?? "");
    window.location.assign(signedIn === "signed_in" ? "/" : "/sign-in");
  };
  const errorOf = (name: string) => refusal?.errors.find(({ pointer }) => pointer === `/${name}`)?.message;
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      {refusal ? <Notice tone="error" title={refusal.detail} /> : null}
      <Field
        key={token}
        label="Setup token"
        name="token"
        defaultValue={token}
        hint="Printed on the terminal where the server was started."
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
        error={errorOf("email")}
        autoComplete="username"
        required
      />
      <Field
        label="Password"
        name="password"
        type="password"
        hint={`At least ${passwordCharsMin} characters.`}
        error={errorOf("password")}
        autoComplete="new-password"
        minLength={passwordCharsMin}
        required
      />
      <Button type="submit" look="primary" disabled={busy} className="mt-1">
        {busy ? "Setting up…" : "Set up"}
      </Button>
    </form>
  );
}
