"use client";

import { ListFilter } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { FieldView } from "../log-table/kind-view";
import { Button } from "../ui/button";

/** Loaded when somebody goes for it: most visits only read rows. */
const load = () => import("./filter-sheet");
const FilterSheet = lazy(async () => ({ default: (await load()).FilterSheet }));

/** Where the focus goes when the last chip is taken off. */
export const FILTER_BUTTON_ID = "filter-button";

type Filters = Readonly<Record<string, string>>;

interface FilterPanelProps {
  /** Those that have an exact filter. */
  fields: readonly FieldView[];
  filters: Filters;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChange: (filters: Filters) => void;
}

/** The button to the filters, with how many are on. */
export function FilterPanel({ fields, filters, open, onOpenChange, onChange }: FilterPanelProps) {
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  const active = Object.keys(filters).length;
  return (
    <>
      <Button
        id={FILTER_BUTTON_ID}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => onOpenChange(true)}
      >
        <ListFilter aria-hidden className="size-3.5 text-muted" />
        Filter
        {active > 0 ? (
          <span className="rounded-full bg-accent-wash px-1.5 font-medium text-accent text-xs">
            {active}
            <span className="sr-only"> active</span>
          </span>
        ) : null}
      </Button>
      {wanted ? (
        <Suspense>
          <FilterSheet fields={fields} filters={filters} open={open} onOpenChange={onOpenChange} onChange={onChange} />
        </Suspense>
      ) : null}
    </>
  );
}
