"use client";

import { type FormEvent, type Ref, useState } from "react";
import { createApiKeyAction } from "@/lib/api-keys/api-keys.actions";
import type { NewApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { Checkbox, Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Select } from "../ui/select";
import { useAct } from "../ui/use-act";
import { EXPIRIES, expiryTime } from "./expiry";

interface ScopeChoice {
  id: string;
  description: string;
}

export interface ApiKeyFormProps {
  apps: readonly { id: string; name: string }[];
  /** Those that this person has, and so may give. */
  scopes: readonly ScopeChoice[];
  /** Whether this person reaches every application, and so may make a key that does. */
  canReachAll: boolean;
  /** The field that the keyboard starts on. */
  nameRef: Ref<HTMLInputElement>;
  onMade: (made: NewApiKey) => void;
}

/** What a new key is called, reaches, may do, and when it ends. */
export function ApiKeyForm({ apps, scopes, canReachAll, nameRef, onMade }: ApiKeyFormProps) {
  const { run, busy, problem, errorOf } = useAct(createApiKeyAction, onMade);
  const [expiry, setExpiry] = useState("never");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run({
      name: String(form.get("name")),
      app_id: String(form.get("app_id")),
      org_wide: form.has("org_wide"),
      scopes: form.getAll("scopes").map(String),
      expires_at: expiryTime(expiry, String(form.get("last_day") ?? ""), Date.now()),
    });
  };
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-3 px-4 pt-1 pb-4">
      {problem && !errorOf("name") && !errorOf("expires_at") ? (
        <Notice tone="error" title={errorOf("scopes") ? `Scopes: ${errorOf("scopes")}.` : problem.detail} />
      ) : null}
      <Field
        ref={nameRef}
        label="Name"
        name="name"
        hint="What uses it, and where."
        error={errorOf("name")}
        maxLength={120}
        autoComplete="off"
        required
      />
      <Select
        label="Home application"
        name="app_id"
        items={apps.map(({ id, name }) => ({ value: id, label: name }))}
        defaultValue={apps[0]?.id}
      />
      {canReachAll ? (
        <Checkbox
          name="org_wide"
          label="May address every application"
          hint="Today's and future ones, by app_id=. Without it, the home application only."
        />
      ) : null}
      <fieldset className="flex flex-col">
        <legend className="pb-1 font-medium text-ink text-xs">What it may do</legend>
        {scopes.map(({ id, description }) => (
          <Checkbox
            key={id}
            name="scopes"
            value={id}
            defaultChecked={id === "events:write"}
            label={<span className="font-mono text-xs">{id}</span>}
            hint={description}
          />
        ))}
      </fieldset>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <Select label="Expires" items={EXPIRIES} value={expiry} onChange={setExpiry} />
        {expiry === "date" ? (
          <Field label="Last day (UTC)" name="last_day" type="date" error={errorOf("expires_at")} required />
        ) : null}
      </div>
      <Button type="submit" look="primary" disabled={busy} className="self-start">
        {busy ? "Creating…" : "Create the key"}
      </Button>
    </form>
  );
}
