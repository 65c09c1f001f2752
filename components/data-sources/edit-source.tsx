"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { DataSource } from "@/lib/contracts/data-sources";
import { updateDataSourceAction } from "@/lib/data-sources/data-sources.actions";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useSay } from "../ui/toast";
import { useAct } from "../ui/use-act";
import { SourceForm, type SourceFormValues } from "./source-form";

const NO_CONNECTION = { host: null, port: null, database: null, username: null, tls: null, tls_reason: null };

/** Changes a data source, or takes a disconnected one into use again. */
export function EditSource({ source }: { source: DataSource }) {
  const [open, setOpen] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const say = useSay();
  const client = useQueryClient();
  const isBack = source.state === "disconnected";
  const { run, busy, problem, forget } = useAct(updateDataSourceAction, (saved) => {
    setOpen(false);
    say(isBack ? `Connected “${saved.name}” again` : `Changed “${saved.name}”`);
    // What was asked with the connection before it, such as its settings, may be otherwise with this one.
    void client.invalidateQueries({ queryKey: ["data-sources", source.id] });
  });
  const send = ({ password, ...values }: SourceFormValues) => {
    const kept = values.host !== null && password === null;
    const changes = {
      ...values,
      ...(values.host === null && NO_CONNECTION),
      ...(!kept && { password }),
      ...(isBack && { state: "connected" as const }),
    };
    run({ id: source.id, changes });
  };
  return (
    <Dialog
      title={isBack ? `Connect “${source.name}” again` : `Edit “${source.name}”`}
      description={isBack ? "Its password was forgotten when it was disconnected: enter it again." : undefined}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      initialFocus={name}
      stayOnOutsidePress
      trigger={
        <Button size="small" aria-label={isBack ? `Connect ${source.name} again` : `Edit ${source.name}`}>
          {isBack ? "Connect again" : "Edit"}
        </Button>
      }
    >
      <SourceForm
        type={source.type}
        source={source}
        nameRef={name}
        onSubmit={send}
        busy={busy}
        problem={problem}
        submit={isBack ? { idle: "Connect again", busy: "Connecting…" } : { idle: "Save", busy: "Saving…" }}
      />
    </Dialog>
  );
}
