import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { grouped } from "../ui/amounts";
import { cellText, NoValue } from "./cell-text";
import { ENVELOPE } from "./envelope";
import type { FieldView, KindView, Row } from "./kind-view";
import { LongText } from "./long-text";
import { CALL } from "./look-call";
import { CUSTOM } from "./look-custom";
import { QUERY } from "./look-query";
import { SYSTEM } from "./look-system";
import { Outcome } from "./outcome";
import type { ColumnLook, TableLook } from "./table-look";
import { TextEnd } from "./text-end";
import { fullTime, rowTime } from "./time-text";

/** Kinds without a look of their own: their first text fields. */
function defaultLook(kind: KindView): TableLook {
  const columns = kind.fields
    .filter(({ type }) => type === "text")
    .slice(0, 2)
    .map(({ name }) => ({ field: name, className: "@max-2xl:col-span-2 @max-2xl:row-start-2" }));
  return {
    grid: "grid-cols-[auto_minmax(0,1fr)_auto_auto] @2xl:grid-cols-[11.25rem_minmax(0,1fr)_minmax(0,1fr)]",
    columns,
  };
}

const LOOKS: Record<string, TableLook> = { call: CALL, query: QUERY, custom: CUSTOM, system: SYSTEM };

export interface LogColumn {
  id: string;
  head: string;
  /** The declaration's own words, on hover. */
  hint: string;
  className: string;
}

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Row>();

/** What a row says in a column: the first is shown, all on hover. */
function valuesOf(row: Row, names: readonly string[]): { name: string; value: unknown }[] {
  const known = names.map((name) => ({ name, value: row[name] }));
  return known.filter(({ value }) => value !== null && value !== undefined && value !== "");
}

function renderCell(field: FieldView, look: ColumnLook, row: Row): ReactNode {
  if (look.render) return look.render(row);
  const values = valuesOf(row, [field.name, ...(look.otherwise ?? [])]);
  const [{ name, value } = { name: field.name, value: null }] = values;
  if (field.name === "outcome") return <Outcome value={cellText(value)} />;
  const shown = look.unit && typeof value === "number" ? grouped(value) : cellText(value);
  if (shown === "") return <NoValue />;
  const title = values.map((one) => cellText(one.value)).join("\n");
  if (name !== field.name) return <TextEnd text={shown} title={title} />;
  const className = look.mono ? "font-mono text-xs" : undefined;
  if (look.long && typeof value === "string") {
    const always = look.long === "always";
    const of = { row, field: name };
    return (
      <LongText
        label={look.head ?? field.label}
        whole={value}
        shown={shown}
        className={className}
        of={of}
        always={always}
        isId={look.isId}
      />
    );
  }
  return (
    <span title={title} className={className}>
      {shown}
      {look.unit ? <span className="text-faint"> {look.unit}</span> : null}
    </span>
  );
}

function RowTime({ time }: { time: string }) {
  const parts = rowTime(time);
  return (
    <time dateTime={time} title={`${fullTime(time)} UTC`} className="font-mono text-muted text-xs">
      {parts ? `${parts.date} ${parts.clock}${parts.millis}` : time}
    </time>
  );
}

/** The table's columns for a kind, and how each looks. */
export function logColumns(kind: KindView) {
  const byName = new Map(kind.fields.map((field) => [field.name, field]));
  const { grid, timeHead, timeMark, rowClass, columns: wanted } = LOOKS[kind.id] ?? defaultLook(kind);
  const looks = wanted.flatMap((look) => {
    const field = byName.get(look.field);
    return field ? [{ look, field }] : [];
  });
  const columns: LogColumn[] = [
    {
      id: "occurred_at",
      head: timeHead ?? ENVELOPE.occurredAt.label,
      hint: ENVELOPE.occurredAt.description,
      className: "@max-2xl:col-span-2",
    },
    ...looks.map(({ look, field }) => ({
      id: field.name,
      head: look.head ?? field.label,
      hint: field.description,
      className: look.className,
    })),
  ];
  const definitions = helper.columns([
    helper.accessor("occurred_at", {
      id: "occurred_at",
      cell: (info) => (
        <>
          <RowTime time={info.getValue()} />
          {timeMark?.(info.row.original)}
        </>
      ),
    }),
    ...looks.map(({ look, field }) =>
      helper.accessor((row) => row[field.name], {
        id: field.name,
        cell: (info) => renderCell(field, look, info.row.original),
      }),
    ),
  ]);
  return { features, definitions, columns, grid, rowClass };
}
export type LogColumns = ReturnType<typeof logColumns>;
