"use client";

import { X } from "lucide-react";
import { visibleText } from "../log-detail/visible-text";
import type { FieldView } from "../log-table/kind-view";

interface FilterChipsProps {
  fields: readonly FieldView[];
  filters: Readonly<Record<string, string>>;
  onChange: (filters: Readonly<Record<string, string>>) => void;
}

/** The filters that are on, each with the way to take it off. */
export function FilterChips({ fields, filters, onChange }: FilterChipsProps) {
  const names = Object.keys(filters).sort();
  if (names.length === 0) return null;
  const without = (name: string) => Object.fromEntries(Object.entries(filters).filter(([other]) => other !== name));
  return (
    <ul aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
      {names.map((name) => {
        const label = fields.find((field) => field.name === name)?.label ?? name;
        const value = visibleText(filters[name] ?? "");
        return (
          <li
            key={name}
            className="flex h-6 min-w-0 max-w-full items-center rounded-md border border-line bg-surface pl-2 text-xs"
          >
            <span className="shrink-0 text-muted">{label}:&nbsp;</span>
            <span className="truncate font-mono">{value}</span>
            <button
              type="button"
              aria-label={`Remove the filter ${label}: ${value}`}
              onClick={() => onChange(without(name))}
              className="ml-0.5 inline-flex size-6 shrink-0 items-center justify-center rounded-md text-faint hover:text-ink"
            >
              <X aria-hidden className="size-3" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
