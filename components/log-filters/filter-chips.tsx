"use client";

import { X } from "lucide-react";
import type { MouseEvent } from "react";
import { QUERY_PARAM } from "@/lib/filters/filter";
import { visibleText } from "../log-detail/visible-text";
import type { FilterView } from "../log-table/kind-view";
import { outcomeWord } from "../log-table/outcome";
import { Button } from "../ui/button";
import { FILTER_BUTTON_ID } from "./filter-panel";
import { shownValue } from "./filter-words";

interface FilterChipsProps {
  fields: readonly FilterView[];
  /** Those that are on; ones that `fields` does not have are shown elsewhere. */
  filters: Readonly<Record<string, string>>;
  onRemove: (name: string) => void;
  onClear: () => void;
}

/**
 * A chip that goes takes the focus with it: first hand it to a neighbour that stays, or to the button that makes chips. One that
 * was taken off just before is still shown until the address has changed.
 */
function handFocusOn(event: MouseEvent<HTMLElement>): void {
  const chip = event.currentTarget.closest("li");
  const chips = [...(chip?.parentElement?.children ?? [])] as HTMLElement[];
  if (chip) chip.dataset.leaving = "";
  const at = chip ? chips.indexOf(chip) : -1;
  const neighbour = [...chips.slice(at + 1), ...chips.slice(0, at).reverse()].find(
    ({ dataset }) => dataset.leaving === undefined,
  );
  const target = neighbour?.querySelector("button") ?? document.getElementById(FILTER_BUTTON_ID);
  target?.focus();
}

/** The filters that are on, each with the way to take it off. */
export function FilterChips({ fields, filters, onRemove, onClear }: FilterChipsProps) {
  const names = Object.keys(filters).sort();
  if (names.length === 0) return null;
  return (
    <div className="flex w-full min-w-0 flex-wrap items-center gap-1.5">
      <ul aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
        {names.map((name) => {
          const field = fields.find((one) => one.name === name);
          const label = field?.label ?? (name === QUERY_PARAM ? "Query" : name);
          const value = visibleText(shownValue(filters[name] ?? "", field?.words));
          return (
            <li
              key={name}
              className="flex h-6 min-w-0 max-w-full items-center rounded-md border border-line bg-surface pl-2 text-xs"
            >
              <span className="shrink-0 text-muted">{label}:&nbsp;</span>
              <span title={value} className="truncate font-mono">
                {field?.options ? outcomeWord(value) : value}
              </span>
              <button
                type="button"
                aria-label={`Remove the filter ${label}: ${value}`}
                onClick={(event) => {
                  handFocusOn(event);
                  onRemove(name);
                }}
                className="ml-0.5 inline-flex size-6 shrink-0 items-center justify-center rounded-md text-faint hover:text-ink"
              >
                <X aria-hidden className="size-3" />
              </button>
            </li>
          );
        })}
      </ul>
      {names.length > 1 ? (
        <Button
          look="quiet"
          size="small"
          className="h-6"
          onClick={() => {
            document.getElementById(FILTER_BUTTON_ID)?.focus();
            onClear();
          }}
        >
          Clear all
        </Button>
      ) : null}
    </div>
  );
}
