import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { visibleText } from "../log-detail/visible-text";
import type { FieldView, KindView, Row } from "./kind-view";
import { Outcome } from "./outcome";
import { fullTime, rowTime } from "./time-text";

/** How a column looks; what it is comes from the kind's declaration. */
interface ColumnLook {
  field: string;
  /** Shown where the field is empty: the first of these that is not. */
  otherwise?: readonly string[];
  /** Where the declaration's label is too long for the head. */
  head?: string;
  /** From which width of the window on it is shown, and how it is aligned. */
  className?: string;
  mono?: boolean;
  unit?: string;
}

interface TableLook {
  /** Widths from the narrowest window up; must name as many tracks as there are columns shown. The time comes first. */
  grid: string;
  columns: readonly ColumnLook[];
}

const CALL: TableLook = {
  grid: "grid-cols-[5.75rem_7.75rem_minmax(0,1fr)] sm:grid-cols-[11.25rem_7.75rem_minmax(0,1fr)_8rem] md:grid-cols-[11.25rem_7.75rem_3.25rem_minmax(0,1fr)_8rem_5.5rem] lg:grid-cols-[11.25rem_7.75rem_3.25rem_9rem_7rem_minmax(0,1fr)_5.5rem] xl:grid-cols-[11.25rem_7.75rem_3.25rem_9.5rem_7rem_minmax(0,1fr)_7rem_5.5rem] 2xl:grid-cols-[11.25rem_7.75rem_3.25rem_11rem_8rem_minmax(0,3fr)_9rem_minmax(0,2fr)_5.5rem]",
  columns: [
    { field: "outcome" },
    { field: "response_status", head: "Status", className: "hidden text-right md:block", mono: true },
    { field: "provider_id", head: "Provider" },
    { field: "method", className: "hidden sm:block", mono: true },
    { field: "url", className: "hidden lg:block", mono: true },
    {
      field: "principal_user_id",
      otherwise: ["principal_group_id", "principal_agent_id", "principal_label"],
      head: "Principal",
      className: "hidden xl:block",
    },
    { field: "reason", className: "hidden 2xl:block" },
    { field: "latency_ms", head: "Latency", className: "hidden text-right md:block", mono: true, unit: "ms" },
  ],
};

/** Kinds without a look of their own: their first text fields. */
function defaultLook(kind: KindView): TableLook {
  const columns = kind.fields
    .filter(({ type }) => type === "text")
    .slice(0, 2)
    .map(({ name }) => ({ field: name }));
  return { grid: "grid-cols-[11.25rem_minmax(0,1fr)_minmax(0,1fr)]", columns };
}

const LOOKS: Record<string, TableLook> = { call: CALL };

export interface LogColumn {
  id: string;
  head: string;
  /** The declaration's own words, on hover. */
  hint: string;
  className: string | undefined;
}

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Row>();

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return visibleText(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function firstValue(row: Row, names: readonly string[]): unknown {
  const name = names.find((one) => row[one] !== null && row[one] !== undefined);
  return name === undefined ? null : row[name];
}

function renderCell(field: FieldView, look: ColumnLook, value: unknown): ReactNode {
  if (field.name === "outcome") return <Outcome value={text(value)} />;
  const shown = text(value);
  if (shown === "") return <span className="text-faint">–</span>;
  return (
    <span title={shown} className={look.mono ? "font-mono text-xs" : undefined}>
      {shown}
      {look.unit ? <span className="text-faint"> {look.unit}</span> : null}
    </span>
  );
}

function RowTime({ time }: { time: string }) {
  const parts = rowTime(time);
  return (
    <time dateTime={time} title={`${fullTime(time)} UTC`} className="font-mono text-muted text-xs">
      {parts ? (
        <>
          <span className="max-sm:sr-only">{parts.date} </span>
          {parts.clock}
          <span className="max-sm:sr-only">{parts.millis}</span>
        </>
      ) : (
        time
      )}
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
  const heads: LogColumn[] = [
    { id: "occurred_at", head: "Time (UTC)", hint: "When it happened, as the producer said.", className: undefined },
    ...looks.map(({ look, field }) => ({
      id: field.name,
      head: look.head ?? field.label,
      hint: field.description,
      className: look.className,
    })),
  ];
  const columns = helper.columns([
    helper.accessor("occurred_at", {
      id: "occurred_at",
      cell: (info) => <RowTime time={info.getValue()} />,
    }),
    ...looks.map(({ look, field }) =>
      helper.accessor((row) => firstValue(row, [field.name, ...(look.otherwise ?? [])]), {
        id: field.name,
        cell: (info) => renderCell(field, look, info.getValue()),
      }),
    ),
  ]);
  return { features, columns, heads, grid };
}
export type LogColumns = ReturnType<typeof logColumns>;
