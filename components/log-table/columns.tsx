import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { visibleText } from "../log-detail/visible-text";
import { grouped } from "../ui/amounts";
import { ENVELOPE } from "./envelope";
import type { FieldView, KindView, Row } from "./kind-view";
import { LongText } from "./long-text";
import { Outcome } from "./outcome";
import { TextEnd } from "./text-end";
import { fullTime, rowTime } from "./time-text";

/** How a column looks; what it is comes from the kind's declaration. */
interface ColumnLook {
  field: string;
  /** Ids that are shown where the field is empty: the first of these that is not. */
  otherwise?: readonly string[];
  /** Where the declaration's label is too long for the head. */
  head?: string;
  /** From which width of the table on it is shown, and where it stands in a narrow one. */
  className: string;
  mono?: boolean;
  unit?: string;
  /** May be longer than any cell: opens in a box. */
  long?: boolean;
}

interface TableLook {
  /** Tracks from the narrowest table up; must name as many as there are columns shown. The time comes first. */
  grid: string;
  columns: readonly ColumnLook[];
}

/*
 * A narrow table has two lines a row: time and outcome, below them provider, method, status and latency. From 42rem on it
 * is one line, with more columns the wider it gets.
 */
const CALL: TableLook = {
  grid: "grid-cols-[auto_minmax(0,1fr)_auto_auto] @2xl:grid-cols-[11.25rem_7.75rem_3rem_minmax(0,1fr)_5.25rem] @4xl:grid-cols-[11.25rem_7.75rem_3rem_8.25rem_5.25rem_minmax(0,1fr)_5.25rem] @5xl:grid-cols-[11.25rem_7.75rem_3rem_8.25rem_5.25rem_minmax(0,1fr)_7rem_5.25rem] @6xl:grid-cols-[11.25rem_7.75rem_3rem_8.25rem_5.25rem_minmax(0,3fr)_8rem_minmax(0,2fr)_5.25rem] @min-[84rem]:grid-cols-[11.25rem_7.75rem_3rem_10rem_7rem_minmax(0,3fr)_11rem_minmax(0,2fr)_5.25rem]",
  columns: [
    { field: "outcome", className: "@max-2xl:col-span-2 @max-2xl:justify-self-end" },
    {
      field: "response_status",
      head: "Status",
      className: "text-right @max-2xl:col-start-3 @max-2xl:row-start-2",
      mono: true,
    },
    {
      field: "provider_id",
      head: "Provider",
      className: "@max-2xl:col-start-1 @max-2xl:row-start-2 @max-2xl:pl-[1.125rem]",
    },
    {
      field: "method",
      className: "@max-2xl:col-start-2 @max-2xl:row-start-2 @2xl:@max-4xl:hidden",
      mono: true,
    },
    { field: "url", className: "hidden @4xl:block", mono: true, long: true },
    {
      field: "principal_label",
      otherwise: ["principal_user_id", "principal_group_id", "principal_agent_id"],
      head: "Principal",
      className: "hidden @5xl:block",
    },
    { field: "reason", className: "hidden @6xl:block", long: true },
    {
      field: "latency_ms",
      head: "Latency",
      className: "text-right @max-2xl:col-start-4 @max-2xl:row-start-2",
      mono: true,
      unit: "ms",
    },
  ],
};

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

const LOOKS: Record<string, TableLook> = { call: CALL };

export interface LogColumn {
  id: string;
  head: string;
  /** The declaration's own words, on hover. */
  hint: string;
  className: string;
}

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Row>();

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return visibleText(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** What a row says in a column: the first is shown, all on hover. */
function valuesOf(row: Row, names: readonly string[]): { name: string; value: unknown }[] {
  const known = names.map((name) => ({ name, value: row[name] }));
  return known.filter(({ value }) => value !== null && value !== undefined && value !== "");
}

function renderCell(field: FieldView, look: ColumnLook, values: ReturnType<typeof valuesOf>): ReactNode {
  const [{ name, value } = { name: field.name, value: null }] = values;
  if (field.name === "outcome") return <Outcome value={text(value)} />;
  const shown = look.unit && typeof value === "number" ? grouped(value) : text(value);
  if (shown === "") return <span className="text-faint">–</span>;
  const title = values.map((one) => text(one.value)).join("\n");
  if (name !== field.name) return <TextEnd text={shown} title={title} />;
  const className = look.mono ? "font-mono text-xs" : undefined;
  if (look.long && typeof value === "string") {
    return <LongText label={field.label} whole={value} shown={shown} className={className} />;
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
  const { grid, columns: wanted } = LOOKS[kind.id] ?? defaultLook(kind);
  const looks = wanted.flatMap((look) => {
    const field = byName.get(look.field);
    return field ? [{ look, field }] : [];
  });
  const columns: LogColumn[] = [
    {
      id: "occurred_at",
      head: ENVELOPE.occurredAt.label,
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
    helper.accessor("occurred_at", { id: "occurred_at", cell: (info) => <RowTime time={info.getValue()} /> }),
    ...looks.map(({ look, field }) =>
      helper.accessor((row) => valuesOf(row, [field.name, ...(look.otherwise ?? [])]), {
        id: field.name,
        cell: (info) => renderCell(field, look, info.getValue()),
      }),
    ),
  ]);
  return { features, definitions, columns, grid };
}
export type LogColumns = ReturnType<typeof logColumns>;
