"use client";

import { Search } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { QueryFault } from "@/lib/filters/language/ast";
import type { QueryField } from "@/lib/filters/language/check";
import type { LogQuery } from "../log-table/events.queries";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { INPUT } from "../ui/field";
import { filtersOfQuery, queryOfFilters } from "./query-text";
import { optionId, SuggestionList } from "./suggestion-list";
import type { SuggestedField } from "./suggestions";
import { useSuggestions } from "./use-suggestions";

/** By which the key `/` finds it. */
export const QUERY_INPUT_ID = "query";

interface QueryBarProps {
  fields: readonly QueryField[];
  /** What is suggested before a colon, in that order. */
  suggested: readonly SuggestedField[];
  query: LogQuery;
  filters: Readonly<Record<string, string>>;
  onChange: (filters: Record<string, string>) => void;
}

/** All filters as one line of the query language. What the line says is what panel, chips and address say. */
export function QueryBar({ fields, suggested, query, filters, onChange }: QueryBarProps) {
  const shown = queryOfFilters(filters);
  const [draft, setDraft] = useState({ of: shown, text: shown });
  // Filters that were changed elsewhere replace what was being written.
  if (draft.of !== shown) setDraft({ of: shown, text: shown });
  const { text } = draft;
  const [faults, setFaults] = useState<readonly QueryFault[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const noteId = useId();
  const write = (next: string) => {
    setDraft({ of: shown, text: next });
    setFaults([]);
  };
  const { listId, items, active, look, put, press } = useSuggestions({
    text,
    fields: suggested,
    query,
    onPut: (next, caret) => {
      // At once, so that the caret can be put behind it.
      flushSync(() => write(next));
      input.current?.setSelectionRange(caret, caret);
    },
  });
  const isOpen = items.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look(undefined);
    const read = filtersOfQuery(text, fields);
    setFaults(read.faults);
    const [first] = read.faults;
    if (!first) return onChange(read.filters);
    input.current?.focus();
    input.current?.setSelectionRange(first.start, first.end);
  };
  const isFaulty = faults.length > 0;
  return (
    <form onSubmit={submit} className="flex w-full min-w-0 flex-col gap-1">
      <div className="flex min-w-0 gap-1">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
          <input
            ref={input}
            id={QUERY_INPUT_ID}
            type="search"
            role="combobox"
            aria-label="Query"
            aria-autocomplete="list"
            aria-expanded={isOpen}
            aria-controls={isOpen ? listId : undefined}
            aria-activedescendant={active >= 0 ? optionId(listId, active) : undefined}
            aria-invalid={isFaulty || undefined}
            aria-describedby={isFaulty ? noteId : undefined}
            value={text}
            onChange={(event) => {
              write(event.target.value);
              look(event.target.selectionStart ?? event.target.value.length);
            }}
            onClick={(event) => look(event.currentTarget.selectionStart ?? text.length)}
            onBlur={() => look(undefined)}
            onKeyDown={(event) => {
              if (press(event)) return;
              if (event.key === "Escape" && text !== shown) {
                event.preventDefault();
                write(shown);
              }
            }}
            placeholder="outcome:policy_denial -provider_id:google latency_ms:>500 &quot;draft reply&quot;"
            className={cx(INPUT, "pl-8 font-mono", isFaulty ? "border-red" : "border-edge")}
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="search"
          />
          {isOpen ? <SuggestionList id={listId} items={items} active={active} onChoose={put} /> : null}
        </div>
        {text === shown ? null : <Button type="submit">Search</Button>}
      </div>
      {isFaulty ? <Faults id={noteId} text={text} faults={faults} /> : null}
    </form>
  );
}

/** The query once more with what is wrong underlined, and each fault in words. */
function Faults({ id, text, faults }: { id: string; text: string; faults: readonly QueryFault[] }) {
  const [first] = faults;
  if (!first) return null;
  const { start, end } = first;
  return (
    <div id={id} role="alert" className="flex flex-col gap-0.5 pl-8 text-xs">
      <p aria-hidden className="truncate font-mono text-muted">
        {text.slice(Math.max(0, start - 40), start)}
        <mark className="bg-transparent text-red underline decoration-wavy underline-offset-4">
          {text.slice(start, end) || "·"}
        </mark>
        {text.slice(end, end + 40)}
      </p>
      {faults.map((fault) => (
        <p key={`${fault.start} ${fault.message}`} className="text-red">
          {fault.message} <span className="text-faint">Character {fault.start + 1}.</span>
        </p>
      ))}
    </div>
  );
}
