"use client";

import { type FormEvent, type ReactNode, type Ref, useId, useRef } from "react";
import type { FieldView, FilterView } from "../log-table/kind-view";
import type { NextView } from "../log-table/log-actions";
import { outcomeWord } from "../log-table/outcome";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Select } from "../ui/select";
import type { FilterPanelProps } from "./filter-panel-props";
import { shownValue, typedValue } from "./filter-words";
import { useWindowEnds } from "./window-ends";

type Filters = FilterPanelProps["filters"];

/** One exact value per filter, all of them together; made from the kind's declaration. */
export function FilterSheet({ open, onOpenChange, onChange, ...form }: FilterPanelProps) {
  const place = useRef<HTMLFormElement>(null);
  const choose = (next: NextView) => {
    onOpenChange(false);
    onChange(next);
  };
  return (
    <Dialog
      title="Filter"
      description="Exact values, upper and lower case alike, one per field. A row must match every one."
      place="right"
      open={open}
      onOpenChange={onOpenChange}
      initialFocus={() =>
        place.current?.querySelector<HTMLElement>("input:not([aria-hidden]), [role=combobox]") ?? true
      }
    >
      <FilterForm ref={place} {...form} onChoose={choose} />
    </Dialog>
  );
}

interface FilterFormProps extends Pick<FilterPanelProps, "fields" | "filters" | "ends"> {
  ref: Ref<HTMLFormElement>;
  onChoose: (next: NextView) => void;
}

/** Apart from its box, so that each opening begins with what is on by then. */
function FilterForm({ fields, filters, ends, ref, onChoose }: FilterFormProps) {
  const window = useWindowEnds(ends);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    // What the panel does not show stays as it is.
    const next = Object.fromEntries(
      Object.entries(filters).filter(([name]) => !fields.some((one) => one.name === name)),
    );
    for (const { name, words } of fields) {
      const value = typedValue(String(given.get(name) ?? ""), words);
      if (value !== "") next[name] = value;
    }
    if (!ends) return onChoose({ filters: next });
    const asked = window.read(event.currentTarget);
    if (asked) onChoose({ filters: next, window: asked });
  };
  const common = fields.filter((field) => field.common);
  const others = fields.filter((field) => !field.common);
  return (
    <form ref={ref} onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-1 flex-col gap-5 overflow-y-auto px-4 pt-1 pb-4">
        {common.length > 0 ? <FilterGroup title="Common" fields={common} filters={filters} /> : null}
        {ends ? (
          <FilterGroup title="Time window, both ends needed" fields={[]} filters={filters}>
            {window.fields}
          </FilterGroup>
        ) : null}
        <FilterGroup title="All others" fields={others} filters={filters} />
      </div>
      <div className="flex gap-2 border-line border-t px-4 py-3">
        <Button type="submit" look="primary">
          Show matching rows
        </Button>
        {Object.keys(filters).length > 0 ? (
          <Button look="quiet" onClick={() => onChoose({ filters: {} })}>
            Clear all
          </Button>
        ) : null}
      </div>
    </form>
  );
}

interface FilterGroupProps {
  title: string;
  fields: readonly FilterView[];
  filters: Filters;
  children?: ReactNode;
}

function FilterGroup({ title, fields, filters, children }: FilterGroupProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid in every browser.
    <div role="group" aria-labelledby={id} className="grid grid-cols-1 content-start gap-3 sm:grid-cols-2">
      <h3 id={id} className="col-span-full font-medium text-faint text-xs">
        {title}
      </h3>
      {children}
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
  return <FilterField field={field} value={value} />;
}

/** A value of any text; where the page has words for some, they are offered and understood. */
function FilterField({ field, value }: { field: FieldView; value: string | undefined }) {
  const listId = useId();
  const { words } = field;
  const isNumber = field.type === "integer";
  const input = (
    <Field
      label={field.label}
      name={field.name}
      defaultValue={value && shownValue(value, words)}
      hint={field.hint}
      list={words && listId}
      title={isNumber ? `${field.description} A whole number.` : field.description}
      inputMode={isNumber ? "numeric" : undefined}
      pattern={isNumber ? "\\s*\\d{1,16}\\s*" : undefined}
      className={field.name === "url" || field.name === "text" ? "sm:col-span-2" : undefined}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
    />
  );
  if (!words) return input;
  return (
    <>
      {input}
      <datalist id={listId}>
        {Object.entries(words).map(([name, shown]) => (
          <option key={name} value={shown} />
        ))}
      </datalist>
    </>
  );
}
