"use client";

import { type FormEvent, useId, useRef } from "react";
import type { FieldView } from "../log-table/kind-view";
import { outcomeWord } from "../log-table/outcome";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Select } from "../ui/select";

type Filters = Readonly<Record<string, string>>;

interface FilterSheetProps {
  fields: readonly FieldView[];
  filters: Filters;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChange: (filters: Filters) => void;
}

/** What people look for first, in that order; a field that a kind does not have is left out. */
const COMMON = [
  "outcome",
  "provider_id",
  "principal_user_id",
  "agent_id",
  "response_status",
  "method",
  "tool",
  "caller",
  "caller_key_prefix",
  "grant_id",
  "run_id",
  "trace_id",
  "url",
];

function inGroups(fields: readonly FieldView[]) {
  const common = COMMON.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const others = fields.filter((field) => !common.includes(field));
  return [
    { title: "Common", fields: common },
    { title: "All others", fields: others },
  ].filter((group) => group.fields.length > 0);
}

/** One exact value per filter, all of them together; made from the kind's declaration. */
export function FilterSheet({ fields, filters, open, onOpenChange, onChange }: FilterSheetProps) {
  const form = useRef<HTMLFormElement>(null);
  const choose = (next: Filters) => {
    onOpenChange(false);
    onChange(next);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const next: Record<string, string> = {};
    for (const { name } of fields) {
      const value = String(given.get(name) ?? "").trim();
      if (value !== "") next[name] = value;
    }
    choose(next);
  };
  return (
    <Dialog
      title="Filter"
      description="Exact values, upper and lower case alike, one per field. A row must match every one."
      place="right"
      open={open}
      onOpenChange={onOpenChange}
      initialFocus={() => form.current?.querySelector<HTMLElement>("input:not([aria-hidden]), [role=combobox]") ?? true}
    >
      <form ref={form} onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <div className="flex flex-1 flex-col gap-5 overflow-y-auto px-4 pt-1 pb-4">
          {inGroups(fields).map((group) => (
            <FilterGroup key={group.title} {...group} filters={filters} />
          ))}
        </div>
        <div className="flex gap-2 border-line border-t px-4 py-3">
          <Button type="submit" look="primary">
            Show matching rows
          </Button>
          {Object.keys(filters).length > 0 ? (
            <Button look="quiet" onClick={() => choose({})}>
              Clear all
            </Button>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}

function FilterGroup({ title, fields, filters }: { title: string; fields: readonly FieldView[]; filters: Filters }) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid in every browser.
    <div role="group" aria-labelledby={id} className="grid grid-cols-1 content-start gap-3 sm:grid-cols-2">
      <h3 id={id} className="col-span-full font-medium text-faint text-xs">
        {title}
      </h3>
      {fields.map((field) => (
        <FilterInput key={field.name} field={field} value={filters[field.name]} />
      ))}
    </div>
  );
}

function FilterInput({ field, value }: { field: FieldView; value: string | undefined }) {
  if (field.options) {
    const items = [
      { value: "", label: "Any" },
      ...field.options.map((option) => ({ value: option, label: outcomeWord(option) })),
    ];
    const known = items.find((item) => item.value === value?.toLowerCase());
    return <Select label={field.label} name={field.name} items={items} defaultValue={known?.value ?? ""} />;
  }
  const isNumber = field.type === "integer";
  return (
    <Field
      label={field.label}
      name={field.name}
      defaultValue={value}
      title={isNumber ? `${field.description} A whole number.` : field.description}
      inputMode={isNumber ? "numeric" : undefined}
      pattern={isNumber ? "\\s*\\d{1,16}\\s*" : undefined}
      className={field.name === "url" ? "sm:col-span-2" : undefined}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
    />
  );
}
