"use client";

import { ListFilter } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "../ui/button";
import type { FilterPanelProps } from "./filter-panel-props";

/** Loaded when somebody goes for it: most visits only read rows. */
const load = () => import("./filter-sheet");
const FilterSheet = lazy(async () => ({ default: (await load()).FilterSheet }));

/** Where the focus goes when the last chip is taken off. */
export const FILTER_BUTTON_ID = "filter-button";

/** The button to the filters, with how many are on. */
export function FilterPanel(props: FilterPanelProps) {
  const { filters, open, onOpenChange } = props;
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
          <FilterSheet {...props} />
        </Suspense>
      ) : null}
    </>
  );
}
