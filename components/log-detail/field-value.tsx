"use client";

import { codeWords } from "../log-table/act-words";
import type { Row } from "../log-table/kind-view";
import { useShowText, useSourceNames } from "../log-table/log-actions";
import { nameOf } from "../log-table/named";
import { Outcome } from "../log-table/outcome";
import { fullTime } from "../log-table/time-text";
import { counted, grouped } from "../ui/amounts";
import { Button } from "../ui/button";
import { ElementTable } from "./element-table";
import type { ShownField } from "./field-groups";
import { RedactionWords } from "./redaction-words";
import { visibleJson, visibleText } from "./visible-text";

/** What is longer is shown by its beginning, and whole in a box. */
const LONG_CHARS = 240;
const TIMES = ["occurred_at", "created_at", "started_at", "completed_at"];
const PROSE = ["reason", "error_message", "policy_error", "principal_label", "agent_name"];
const OUTCOMES = ["outcome", "execution_status"];
/** Whole numbers that are no amounts. */
const CODES = ["response_status", "event_time"];

function textOf({ name, value }: ShownField): string {
  if (TIMES.includes(name)) return fullTime(String(value));
  if (typeof value === "number" && !CODES.includes(name)) return grouped(value);
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.map(String).join(", ");
  return typeof value === "object" ? visibleJson(value) : String(value);
}

/** A field's value, as its kind of value is read best. */
export function FieldValue({ field, row }: { field: ShownField; row: Row }) {
  const { name, value } = field;
  if (OUTCOMES.includes(name)) return <Outcome value={String(value)} />;
  if (field.type === "objects" && Array.isArray(value)) return <ElementTable field={field} elements={value} />;
  if (name === "redaction" && typeof value === "object" && value !== null) {
    return <RedactionWords redaction={value as Record<string, unknown>} />;
  }
  if (name === "data_source_id") return <SourceValue id={String(value)} />;
  if (name === "details") return <DetailsValue field={field} row={row} />;
  return <TextValue field={field} row={row} />;
}

/** Codes of our own acts in words, above them. */
function DetailsValue({ field, row }: { field: ShownField; row: Row }) {
  const told = codeWords(row);
  return (
    <>
      {told ? <span className="block break-words">{told.words}</span> : null}
      <TextValue field={field} row={row} />
    </>
  );
}

/** A data source by its name, where the reader may know it, and by its id. */
function SourceValue({ id }: { id: string }) {
  const name = nameOf(id, useSourceNames());
  return (
    <>
      {name === undefined ? null : <span className="block break-words">{visibleText(name)}</span>}
      <span className="break-words font-mono [overflow-wrap:anywhere]">{visibleText(id)}</span>
    </>
  );
}

function TextValue({ field, row }: { field: ShownField; row: Row }) {
  const showText = useShowText();
  const whole = textOf(field);
  const isLong = whole.length > LONG_CHARS;
  // JSON keeps its lines, and was made visible when it was printed; a line feed inside a text is a character like any other.
  const isJson = typeof field.value === "object" && !Array.isArray(field.value);
  // Not in the middle of a pair of surrogates: half of an emoji would read as something that was logged.
  const shown = isLong ? `${whole.slice(0, LONG_CHARS).replace(/[\ud800-\udbff]$/, "")}…` : whole;
  const show = () => showText({ title: field.label, text: whole, of: { row, field: field.name } });
  return (
    <div className="flex flex-col items-start gap-1">
      <span
        className={`w-full whitespace-pre-wrap break-words [overflow-wrap:anywhere] ${PROSE.includes(field.name) ? "" : "font-mono"}`}
      >
        {isJson ? shown : visibleText(shown)}
      </span>
      {isLong ? (
        <Button size="small" className="h-6" onClick={show}>
          Show all {counted(whole.length, "character")}
          <span className="sr-only"> of {field.label}</span>
        </Button>
      ) : null}
    </div>
  );
}
