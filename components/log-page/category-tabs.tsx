"use client";

import { Info } from "lucide-react";
import type { MouseEvent } from "react";
import { useLogActions } from "../log-table/log-actions";
import { ownFilters } from "../log-table/own-filters";
import { cx } from "../ui/class-names";

interface CategoryTabsProps {
  /** The filter that the tabs are. */
  filter: string;
  categories: readonly { id: string; label: string; legacy: boolean }[];
}

/** One category at a time, or all: links, so that each has an address, another tab and Back. */
export function CategoryTabs({ filter, categories }: CategoryTabsProps) {
  const { filters } = useLogActions();
  const chosen = filters[filter]?.toLowerCase();
  const legacy = categories.find(({ id, legacy: isLegacy }) => isLegacy && id === chosen);
  return (
    <>
      <nav aria-label="Categories" className="border-line border-b px-3 sm:px-4">
        <ul className="-mb-px flex gap-x-3 overflow-x-auto sm:flex-wrap">
          <Tab filter={filter} label="All" current={chosen === undefined} />
          {categories.map(({ id, label }) => (
            <Tab key={id} filter={filter} id={id} label={label} current={id === chosen} />
          ))}
        </ul>
      </nav>
      {legacy ? (
        <p className="flex items-start gap-2 border-line border-b bg-surface px-3 py-1.5 text-muted text-sm sm:px-4">
          <Info aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            {legacy.label} are part of a former policy interface. Affidavit writes nothing here itself; acts that an
            outside system sends still appear.
          </span>
        </p>
      ) : null}
    </>
  );
}

interface TabProps {
  filter: string;
  /** Undefined: all categories. */
  id?: string;
  label: string;
  current: boolean;
}

function Tab({ filter, id, label, current }: TabProps) {
  const { filters, hrefOf, go } = useLogActions();
  const next = { filters: { ...ownFilters({ tabs: filter }, filters), ...(id && { [filter]: id }) } };
  const clicked = (event: MouseEvent) => {
    // With a modifier it is the browser's: another tab, another window, a download.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(next);
  };
  return (
    <li className="shrink-0">
      <a
        href={hrefOf(next)}
        onClick={clicked}
        aria-current={current ? "page" : undefined}
        className={cx(
          "flex h-8 items-center border-b-2 text-sm outline-offset-[-2px]",
          current ? "border-accent font-medium text-ink" : "border-transparent text-muted hover:text-ink",
        )}
      >
        {label}
      </a>
    </li>
  );
}
