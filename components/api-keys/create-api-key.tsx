"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { createApiKeyAction } from "@/lib/api-keys/api-keys.actions";
import type { NewApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Dialog, DialogClose } from "../ui/dialog";
import { Checkbox, Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Select } from "../ui/select";
import { useAct } from "../ui/use-act";

export interface ScopeChoice {
  id: string;
  description: string;
}

interface CreateApiKeyProps {
  apps: readonly { id: string; name: string }[];
  /** Those that this person has, and so may give. */
  scopes: readonly ScopeChoice[];
}

/** Makes a key and shows it, this once. */
export function CreateApiKeyDialog({ apps, scopes }: CreateApiKeyProps) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setMade(undefined);
  };
  return (
    <Dialog
      title={made ? "Copy the key now" : "New API key"}
      description={made ? "It is shown this once and kept nowhere. Whoever has it can do what it may." : undefined}
      open={open}
      onOpenChange={change}
      trigger={
        <Button look="primary">
          <Plus aria-hidden className="size-3.5" />
          New API key
        </Button>
      }
    >
      {made ? <MadeKey made={made} /> : <KeyForm apps={apps} scopes={scopes} onMade={setMade} />}
    </Dialog>
  );
}

function MadeKey({ made }: { made: NewApiKey }) {
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
      <p
        className="select-all break-all rounded-md border border-line bg-surface p-3 font-mono text-xs"
        data-testid="new-key"
      >
        {made.key}
      </p>
      <div className="flex gap-2">
        <CopyButton text={made.key} />
        <DialogClose render={<Button size="small" look="primary" />}>Done</DialogClose>
      </div>
    </div>
  );
}

function KeyForm({ apps, scopes, onMade }: CreateApiKeyProps & { onMade: (made: NewApiKey) => void }) {
  const { run, busy, problem, errorOf } = useAct(createApiKeyAction, onMade);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run({
      name: String(form.get("name")),
      app_id: String(form.get("app_id")),
      scopes: form.getAll("scopes").map(String),
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 px-4 pt-1 pb-4">
      {problem ? (
        <Notice tone="error" title={errorOf("scopes") ? `Scopes: ${errorOf("scopes")}.` : problem.detail} />
      ) : null}
      <Field
        label="Name"
        name="name"
        hint="What uses it, and where."
        error={errorOf("name")}
        maxLength={120}
        autoComplete="off"
        required
      />
      <Select
        label="Application"
        name="app_id"
        items={apps.map(({ id, name }) => ({ value: id, label: name }))}
        defaultValue={apps[0]?.id}
      />
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
      <Button type="submit" look="primary" disabled={busy} className="self-start">
        {busy ? "Creating…" : "Create the key"}
      </Button>
    </form>
  );
}
