"use client";

import type { FormEvent } from "react";
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

/** One exact value per filter, all of them together; made from the kind's declaration. */
export function FilterSheet({ fields, filters, open, onOpenChange, onChange }: FilterSheetProps) {
  const choose = (next: Filters) => {
    onOpenChange(false);
    onChange(next);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const next: Record<string, string> = {};
    for (const { name } of fields) {
      const value = String(form.get(name) ?? "").trim();
      if (value !== "") next[name] = value;
    }
    choose(next);
  };
  return (
    <Dialog
      title="Filter"
      description="Exact values, upper and lower case alike. A row must match every one."
      place="right"
      open={open}
      onOpenChange={onOpenChange}
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
