import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { facetsQuery, type LogQuery } from "../log-table/events.queries";
import { counted } from "../ui/amounts";
import { pieceAt, type SuggestedField, type Suggestion, suggest } from "./suggestions";

const NONE = { start: 0, end: 0, items: [] };

interface Line {
  text: string;
  fields: readonly SuggestedField[];
  /** Where values are counted: the window without its filters. */
  query: LogQuery;
  /** Puts a suggestion into the line. */
  onPut: (text: string, caret: number) => void;
}

/** Suggestions for the place where somebody writes. */
export function useSuggestions({ text, fields, query, onPut }: Line) {
  const listId = useId();
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const field = caret === undefined ? undefined : pieceAt(text, caret).field;
  const { data } = useQuery({ ...facetsQuery({ ...query, filters: {} }), enabled: field !== undefined });
  const values = data?.facets.find((facet) => facet.field === field)?.values ?? [];
  const known = values.flatMap(({ value, count }) => (value === null ? [] : [{ value, hint: counted(count, "row") }]));
  const { start, end, items } = caret === undefined ? NONE : suggest({ text, caret }, fields, known);
  const at = active < items.length ? active : -1;
  const look = (next: number | undefined) => {
    setCaret(next);
    setActive(-1);
  };
  const put = (item: Suggestion) => {
    onPut(text.slice(0, start) + item.text + text.slice(end), start + item.text.length);
    look(start + item.text.length);
  };
  const choose = () => {
    const item = items[at];
    if (item) put(item);
    return item !== undefined;
  };
  /** None is chosen in between the last and the first. */
  const keys = new Map<string, () => unknown>([
    ["ArrowDown", () => setActive(((at + 2) % (items.length + 1)) - 1)],
    ["ArrowUp", () => setActive(at < 0 ? items.length - 1 : at - 1)],
    ["Escape", () => look(undefined)],
    ["Enter", choose],
  ]);
  /** @returns whether the key was for the list */
  const press = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    const isAsked = event.key === "ArrowDown" && caret === undefined;
    if (isAsked) look(event.currentTarget.selectionStart ?? text.length);
    const act = items.length > 0 ? keys.get(event.key) : undefined;
    const isTaken = isAsked || (act !== undefined && act() !== false);
    if (isTaken) event.preventDefault();
    return isTaken;
  };
  return { listId, items, active: at, look, put, press };
}
