"use client";

import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { CatalogueColumn, ChangeCatalogue } from "@/lib/contracts/catalogue";
import { changeCatalogueAction } from "@/lib/data-sources/data-sources.actions";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";
import type { CatalogueTableRows } from "./tables-of";

interface CatalogueTableProps {
  sourceId: string;
  table: CatalogueTableRows;
  editable: boolean;
  onChanged: () => Promise<void>;
}

/** One table: its columns, connected or not, and their tags. */
export function CatalogueTable({ sourceId, table, editable, onChanged }: CatalogueTableProps) {
  const { database, schema, table: name, columns } = table;
  const { run, busy, problem } = useAct(changeCatalogueAction, () => void onChanged());
  const change = (more: Omit<ChangeCatalogue, "database" | "schema" | "table">) =>
    run({ id: sourceId, change: { database, schema, table: name, ...more } });
  const all = columns.every(({ connected }) => connected);
  return (
    <section aria-label={`${schema}.${name}`} className="flex flex-col">
      <div className="flex flex-wrap items-center justify-between gap-2 border-line border-b pb-1.5">
        <h3 className="min-w-0 break-all font-mono text-xs">
          <span className="text-faint">
            {database}.{schema}.
          </span>
          <span className="font-medium">{name}</span>
        </h3>
        {editable ? (
          <Button
            size="small"
            look="quiet"
            disabled={busy}
            aria-label={`${all ? "Disconnect" : "Connect"} the table ${name}`}
            onClick={() => change({ connected: !all })}
          >
            {all ? "Disconnect table" : "Connect table"}
          </Button>
        ) : null}
      </div>
      {problem ? <Notice tone="error" title={problem.detail} className="mt-2" /> : null}
      <ul>
        {columns.map((column) => (
          <Column key={column.column} column={column} editable={editable} busy={busy} onChange={change} />
        ))}
      </ul>
    </section>
  );
}

interface ColumnProps {
  column: CatalogueColumn;
  editable: boolean;
  busy: boolean;
  onChange: (more: Omit<ChangeCatalogue, "database" | "schema" | "table">) => void;
}

function Column({ column: { column, data_type, connected, tags }, editable, busy, onChange }: ColumnProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-1">
      <label className="flex min-h-7 w-full min-w-0 items-center gap-2 sm:w-72">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={connected}
          disabled={!editable || busy}
          onChange={(event) => onChange({ column, connected: event.currentTarget.checked })}
          aria-label={`${column} is connected`}
        />
        <span className="min-w-0 break-all font-mono text-xs">{column}</span>
        <span className="min-w-0 truncate text-faint text-xs">{data_type}</span>
      </label>
      <span className="flex flex-wrap items-center gap-1">
        {tags.map(({ key, value }) => (
          <span key={key} className="inline-flex items-center rounded-sm border border-line pl-1.5 text-xs">
            <span className="break-all text-muted">{key}</span>
            <span className="break-all pl-1">{value}</span>
            {editable ? (
              <button
                type="button"
                disabled={busy}
                aria-label={`Take the tag ${key} off ${column}`}
                className="flex size-6 items-center justify-center text-muted hover:text-ink"
                onClick={() => onChange({ column, untag: key })}
              >
                <X aria-hidden className="size-3" />
              </button>
            ) : (
              <span className="w-1.5" />
            )}
          </span>
        ))}
        {editable ? <AddTag column={column} busy={busy} onTag={(tag) => onChange({ column, tag })} /> : null}
      </span>
    </li>
  );
}

interface AddTagProps {
  column: string;
  busy: boolean;
  onTag: (tag: { key: string; value: string }) => void;
}

function AddTag({ column, busy, onTag }: AddTagProps) {
  const [open, setOpen] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setOpen(false);
    onTag({ key: String(form.get("key")).trim(), value: String(form.get("value")).trim() });
  };
  return (
    <Dialog
      title={`Tag ${column}`}
      description="Rows that touch the column carry the tag within 10 seconds. A tag of the same key is replaced."
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="small" look="quiet" disabled={busy} aria-label={`Tag ${column}`}>
          <Plus aria-hidden className="size-3" />
          Tag
        </Button>
      }
    >
      <form method="post" onSubmit={submit} className="flex flex-col gap-3 px-4 pt-1 pb-4">
        <Field label="Key" name="key" placeholder="sensitivity" maxLength={128} autoComplete="off" required />
        <Field label="Value" name="value" placeholder="personal" maxLength={128} autoComplete="off" required />
        <Button type="submit" look="primary" className="self-start">
          Add the tag
        </Button>
      </form>
    </Dialog>
  );
}
