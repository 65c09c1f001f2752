"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import type { DataSource } from "@/lib/contracts/data-sources";
import { createDataSourceAction } from "@/lib/data-sources/data-sources.actions";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Select } from "../ui/select";
import { useAct } from "../ui/use-act";
import { SourceForm, type SourceFormValues } from "./source-form";
import { TYPE_NAMES } from "./type-names";

const TYPES = Object.entries(TYPE_NAMES).map(([value, label]) => ({ value, label }));
const isType = (value: string): value is DataSource["type"] => Object.hasOwn(TYPE_NAMES, value);

/** Connects a data source, and opens its page. */
export function ConnectSource({ apps }: { apps: readonly { id: string; name: string }[] }) {
  const [open, setOpen] = useState(false);
  const [type, setType] = useState<DataSource["type"]>("postgres");
  const [appId, setAppId] = useState(apps[0]?.id ?? "");
  const name = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const { run, busy, problem, forget } = useAct(createDataSourceAction, ({ id }) => {
    setOpen(false);
    router.push(`/settings/data-sources/${id}`);
  });
  const send = ({ name: wanted, query_link, ...connection }: SourceFormValues) =>
    run({ name: wanted, query_link, type, app_id: appId, ...(connection.host !== null && connection) });
  return (
    <Dialog
      title="Connect a data source"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        forget();
      }}
      initialFocus={name}
      stayOnOutsidePress
      trigger={
        <Button look="primary">
          <Plus aria-hidden className="size-3.5" />
          Connect a data source
        </Button>
      }
    >
      <SourceForm
        type={type}
        nameRef={name}
        onSubmit={send}
        busy={busy}
        problem={problem}
        submit={{ idle: "Connect", busy: "Connecting…" }}
      >
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          <Select label="Type" items={TYPES} value={type} onChange={(next) => isType(next) && setType(next)} />
          <Select
            label="Application"
            items={apps.map(({ id, name: label }) => ({ value: id, label }))}
            value={appId}
            onChange={setAppId}
          />
        </div>
      </SourceForm>
    </Dialog>
  );
}
