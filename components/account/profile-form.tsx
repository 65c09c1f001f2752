"use client";

import { type FormEvent, useState } from "react";
import { renameAccountAction } from "@/lib/account/account.actions";
import type { Account } from "@/lib/contracts/account";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";
import { ChangeEmail } from "./change-email";

/** Name and sign-in name. */
export function ProfileForm({ account }: { account: Account }) {
  const [saved, setSaved] = useState(false);
  const { run, busy, problem, errorOf } = useAct(renameAccountAction, () => setSaved(true));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSaved(false);
    run({ name: String(new FormData(event.currentTarget).get("name")) });
  };
  return (
    <div className="flex max-w-md flex-col gap-4">
      <form method="post" onSubmit={submit} className="flex flex-col gap-2">
        {problem && !errorOf("name") ? <Notice tone="error" title={problem.detail} /> : null}
        <div className="flex items-start gap-2">
          <Field
            label="Name"
            name="name"
            defaultValue={account.name ?? ""}
            error={errorOf("name")}
            autoComplete="name"
            maxLength={120}
            onChange={() => setSaved(false)}
            className="flex-1"
          />
          <Button type="submit" disabled={busy} className="mt-5">
            {busy ? "Saving…" : "Save"}
          </Button>
        </div>
        <p role="status" className="text-muted text-xs empty:hidden">
          {saved ? "Saved." : null}
        </p>
      </form>
      <dl className="flex flex-col gap-3">
        <div className="flex flex-col gap-1">
          <dt className="font-medium text-xs">E-mail address</dt>
          <dd className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 break-all">{account.email}</span>
            {account.has_password ? <ChangeEmail email={account.email} /> : null}
          </dd>
        </div>
        <div className="flex flex-col gap-1">
          <dt className="font-medium text-xs">Role</dt>
          <dd className="text-muted">{account.role}</dd>
        </div>
      </dl>
    </div>
  );
}
