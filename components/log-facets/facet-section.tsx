import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { facetsQuery, type LogQuery } from "../log-table/events.queries";
import { useActNames, useLogActions, useSourceNames } from "../log-table/log-actions";
import { nameOf } from "../log-table/named";
import { grouped } from "../ui/amounts";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { INPUT } from "../ui/field";
import { choiceOf, excluding, including, notExcluding, withoutField } from "./facet-filters";
import { countText, type FacetValue, FIRST_VALUES, shownValues, type WordsOf } from "./facet-values";
import { ValueList } from "./value-list";

interface FacetSectionProps {
  field: string;
  query: LogQuery;
  /** The rows of this search are there: it may be asked. */
  canAsk: boolean;
}

type Filters = LogQuery["filters"];

/** The counts of a field, not narrowed by what the filters say of it. Another search's stay until they are there. */
export function useFacets(query: LogQuery, field: string | undefined, canAsk: boolean) {
  const asked = useMemo(() => {
    const filters = field === undefined ? query.filters : withoutField(query.filters, field);
    return { ...query, filters };
  }, [query, field]);
  return useQuery({
    ...facetsQuery(asked),
    enabled: canAsk,
    // Of the same app only: another one's values under this one's name would be wrong even for a moment.
    placeholderData: (last, before) => (before?.queryKey[2].appId === query.appId ? last : undefined),
  });
}

/** What the page calls the values of a field, where it has words for them. */
function useWords(field: string): WordsOf {
  const { events } = useActNames();
  const sources = useSourceNames();
  if (field === "event") return (value) => nameOf(value.toLowerCase(), events);
  if (field === "data_source_id") return (value) => nameOf(value, sources);
  return () => undefined;
}

/** Chosen once more, a choice is taken back. */
function toggled(filters: Filters, field: string, value: string, choice: "only" | "not"): Filters {
  const isOn = choiceOf(filters, field, value) === choice;
  if (choice === "only") return isOn ? withoutField(filters, field) : including(filters, field, value);
  return isOn ? notExcluding(filters, field, value) : excluding(filters, field, value);
}

/** The values of one field with their counts: click for only that one, Alt-click or "not" to leave it out. */
export function FacetSection({ field, query, canAsk }: FacetSectionProps) {
  const { kind, filters, go } = useLogActions();
  const { data, isError, isPlaceholderData, refetch } = useFacets(query, field, canAsk);
  const headId = useId();
  const label = kind.fields.find(({ name }) => name === field)?.label ?? field;
  const facet = data?.facets.find((one) => one.field === field);
  const isOn = withoutField(filters, field) !== filters;
  const isBare = facet?.values.every(({ value }) => value === null) ?? true;
  if (isBare && !isOn && !isError) return null;
  return (
    <section
      aria-labelledby={headId}
      aria-busy={isPlaceholderData || undefined}
      className="flex flex-col gap-0.5 px-2 py-2 aria-busy:cursor-progress"
    >
      <div className="flex h-6 items-center justify-between pl-1.5">
        <h2 id={headId} className="font-medium text-muted text-xs">
          {label}
        </h2>
        {isOn ? (
          <Button
            look="quiet"
            size="small"
            className="h-6"
            aria-label={`Clear ${label}`}
            onClick={({ currentTarget }) => {
              // It goes, and would take the focus with it.
              currentTarget.closest("section")?.querySelector<HTMLElement>("li button[tabindex='0']")?.focus();
              go({ filters: withoutField(filters, field) });
            }}
          >
            Clear
          </Button>
        ) : null}
      </div>
      {isError ? (
        <p role="status" className="flex items-center justify-between gap-2 pl-1.5 text-muted text-xs">
          Its values could not be counted.
          <Button size="small" className="h-6" onClick={() => void refetch()}>
            Try again
          </Button>
        </p>
      ) : (
        <Values field={field} label={label} {...(facet ?? NO_VALUES)} />
      )}
    </section>
  );
}

const NO_VALUES = { values: [], other: 0, exact: true };

interface ValuesProps {
  field: string;
  label: string;
  values: readonly FacetValue[];
  /** Rows with a value that is not counted by name. */
  other: number;
  exact: boolean;
}

function Values({ field, label, values, other, exact }: ValuesProps) {
  const { filters, filterable, go } = useLogActions();
  const wordsOf = useWords(field);
  const [search, setSearch] = useState("");
  const [isAll, setAll] = useState(false);
  const choose = (value: string, choice: "only" | "not") => go({ filters: toggled(filters, field, value, choice) });
  const { values: shown, hidden } = shownValues(values, { search, isAll, wordsOf });
  return (
    <>
      {values.length > FIRST_VALUES ? (
        <input
          type="search"
          aria-label={`Search in ${label}`}
          placeholder={`Search ${grouped(values.length)} values`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className={cx(INPUT, "mb-1 h-7 border-edge")}
          autoComplete="off"
          spellCheck={false}
        />
      ) : null}
      <ValueList
        label={label}
        values={shown}
        isExact={exact}
        wordsOf={wordsOf}
        choiceOf={filterable.has(field) ? (value) => choiceOf(filters, field, value) : undefined}
        onOnly={(value) => choose(value, "only")}
        onNot={(value) => choose(value, "not")}
      />
      {shown.length === 0 ? (
        <p className="pl-1.5 text-faint text-xs">{search ? "No value has that." : "None."}</p>
      ) : null}
      {hidden > 0 || (isAll && search === "") ? (
        <Button look="quiet" size="small" className="self-start" onClick={() => setAll(!isAll)}>
          {isAll ? "Show fewer" : `Show ${grouped(hidden)} more`}
        </Button>
      ) : null}
      {other > 0 ? (
        <p className="flex justify-between pr-9 pl-7 text-faint text-xs">
          <span>…other values</span>
          {countText(other, exact)}
        </p>
      ) : null}
    </>
  );
}
