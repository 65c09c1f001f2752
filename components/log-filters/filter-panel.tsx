"use client";

import { ListFilter } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { FieldView } from "../log-table/kind-view";
import { outcomeWord } from "../log-table/outcome";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Select } from "../ui/select";

type Filters = Readonly<Record<string, string>>;

interface FilterPanelProps {
  /** Those that have an exact filter. */
  fields: readonly FieldView[];
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** One exact value per filter, all of them together; made from the kind's declaration. */
export function FilterPanel({ fields, filters, onChange }: FilterPanelProps) {
  const [open, setOpen] = useState(false);
  const active = Object.keys(filters).length;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const next: Record<string, string> = {};
    for (const { name } of fields) {
      const value = String(form.get(name) ?? "").trim();
      if (value !== "") next[name] = value;
    }
    setOpen(false);
    onChange(next);
  };
  return (
    <Dialog
      title="Filter"
      description="Exact values, upper and lower case alike. A row must match every one."
      place="right"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <ListFilter aria-hidden className="size-3.5 text-muted" />
          Filter
          {active > 0 ? (
            <span className="rounded-full bg-accent-wash px-1.5 font-medium text-accent text-xs">
              {active}
              <span className="sr-only"> active</span>
            </span>
          ) : null}
        </Button>
      }
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <div className="grid flex-1 grid-cols-1 content-start gap-x-3 gap-y-3 overflow-y-auto px-4 pt-1 pb-4 sm:grid-cols-2">
          {fields.map((field) => (
            <FilterInput key={field.name} field={field} value={filters[field.name]} />
          ))}
        </div>
        <div className="flex gap-2 border-line border-t px-4 py-3">
          <Button type="submit" look="primary">
            Show matching rows
          </Button>
          {active > 0 ? (
            <Button
              look="quiet"
              onClick={() => {
                setOpen(false);
                onChange({});
              }}
            >
              Clear all
            </Button>
          ) : null}
        </div>
      </form>
    </Dialog>
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
  return (
    <Field
      label={field.label}
      name={field.name}
      defaultValue={value}
      title={field.description}
      inputMode={field.type === "integer" ? "numeric" : undefined}
      pattern={field.type === "integer" ? "\\s*\\d{1,16}\\s*" : undefined}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
    />
  );
}
