"use client";

import { Search } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import type { QueryFault } from "@/lib/filters/language/ast";
import type { QueryField } from "@/lib/filters/language/check";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { INPUT } from "../ui/field";
import { filtersOfQuery, queryOfFilters } from "./query-text";

/** By which the key `/` finds it. */
export const QUERY_INPUT_ID = "query";

interface QueryBarProps {
  fields: readonly QueryField[];
  filters: Readonly<Record<string, string>>;
  onChange: (filters: Record<string, string>) => void;
}

/** All filters as one line of the query language. What the line says is what panel, chips and address say. */
export function QueryBar({ fields, filters, onChange }: QueryBarProps) {
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
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
            aria-label="Query"
            aria-invalid={isFaulty || undefined}
            aria-describedby={isFaulty ? noteId : undefined}
            value={text}
            onChange={(event) => write(event.target.value)}
            onKeyDown={(event) => {
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
