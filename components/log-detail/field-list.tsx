"use client";

import type { Row } from "../log-table/kind-view";
import { useLogActions, useShowText } from "../log-table/log-actions";
import { Outcome } from "../log-table/outcome";
import { fullTime } from "../log-table/time-text";
import { counted, grouped } from "../ui/amounts";
import { Button } from "../ui/button";
import { fieldGroups, type ShownField } from "./field-groups";
import { visibleJson, visibleText } from "./visible-text";

/** What is longer is shown by its beginning, and whole in a box. */
const LONG_CHARS = 240;
const TIMES = ["occurred_at", "created_at"];
const PROSE = ["reason", "error_message", "policy_error", "principal_label", "agent_name"];

/** A row's fields that have a value, in groups. */
export function FieldList({ row }: { row: Row }) {
  const { fields } = useLogActions();
  return (
    <div className="grid min-w-0 content-start gap-x-6 gap-y-4 @5xl:grid-cols-2">
      {fieldGroups(fields, row).map((group) => (
        <section key={group.title} className="min-w-0">
          <h2 className="mb-1 flex h-7 items-center font-medium text-ink text-xs">{group.title}</h2>
          <dl className="flex flex-col gap-1 text-xs">
            {group.fields.map((field) => (
              <div key={field.name} className="grid grid-cols-[8rem_minmax(0,1fr)] gap-3 py-0.5">
                <dt title={field.description} className="break-words text-muted">
                  {field.label}
                </dt>
                <dd className="min-w-0 text-ink">
                  <Value field={field} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function textOf({ name, value }: ShownField): string {
  if (TIMES.includes(name)) return fullTime(String(value));
  if (typeof value === "number" && name !== "response_status") return grouped(value);
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.map(String).join(", ");
  return typeof value === "object" ? visibleJson(value) : String(value);
}

function Value({ field }: { field: ShownField }) {
  const showText = useShowText();
  if (field.name === "outcome") return <Outcome value={String(field.value)} />;
  const whole = textOf(field);
  const isLong = whole.length > LONG_CHARS;
  // JSON keeps its lines, and was made visible when it was printed; a line feed inside a text is a character like any other.
  const isJson = typeof field.value === "object" && !Array.isArray(field.value);
  // Not in the middle of a pair of surrogates: half of an emoji would read as something that was logged.
  const shown = isLong ? `${whole.slice(0, LONG_CHARS).replace(/[\ud800-\udbff]$/, "")}…` : whole;
  return (
    <div className="flex flex-col items-start gap-1">
      <span
        className={`w-full whitespace-pre-wrap break-words [overflow-wrap:anywhere] ${PROSE.includes(field.name) ? "" : "font-mono"}`}
      >
        {isJson ? shown : visibleText(shown)}
      </span>
      {isLong ? (
        <Button size="small" className="h-6" onClick={() => showText(field.label, whole)}>
          Show all {counted(whole.length, "character")}
          <span className="sr-only"> of {field.label}</span>
        </Button>
      ) : null}
    </div>
  );
}
