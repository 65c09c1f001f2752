import { EARLIEST, LATEST } from "@/lib/log-kinds/time";
import { counted } from "../ui/amounts";
import { cellText } from "./cell-text";
import type { Row } from "./kind-view";
import type { ActNames } from "./log-actions";
import { nameOf } from "./named";
import { distanceText, fullTime } from "./time-text";

type Part = Readonly<Record<string, unknown>>;

/** Acts that tell of rows that were read, opened or taken away. */
const READINGS: readonly unknown[] = ["audit.view", "audit.event.open", "audit.export.download"];
/** A window that ends when it was asked for, give or take the rounding of its end and the writing of the row. */
const NOW_MS = 60_000;
const HOUR_MS = 3_600_000;

export const isReading = ({ event }: Row): boolean => READINGS.includes(event);

const partOf = (value: unknown): Part => (typeof value === "object" && value !== null ? (value as Part) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const named = (id: unknown, names: Readonly<Record<string, string>>): string => cellText(nameOf(id, names) ?? id);

function spanText(from: string, to: string): string {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  if (!Number.isInteger(hours) || hours < 1) return distanceText(from, to);
  return hours > 24 && hours % 24 === 0 ? counted(hours / 24, "day") : counted(hours, "hour");
}

/** An end of a window; undefined where it is as far as times go: that is what the page once asked when it looked for the nearest row. */
function endOf(time: unknown, furthestMicros: number): string | undefined {
  return typeof time !== "string" || Date.parse(time) * 1_000 === furthestMicros ? undefined : time;
}

/** `last 24 hours`, or from when to when. */
function windowTexts(details: Part, occurredAt: string): string[] {
  const [from, to] = [endOf(details.from, EARLIEST), endOf(details.to, LATEST)];
  if (from !== undefined && to !== undefined) {
    const isLast = Math.abs(Date.parse(to) - Date.parse(occurredAt)) < NOW_MS;
    return [isLast ? `last ${spanText(from, to)}` : `${fullTime(from)} to ${fullTime(to)}`];
  }
  if (from !== undefined) return [`from ${fullTime(from)}`];
  return to !== undefined ? [`until ${fullTime(to)}`] : [];
}

function conditionText(condition: unknown): string {
  const { field, value } = partOf(condition);
  return `${cellText(field)}=${cellText(value)}`;
}

function fileTexts({ format, rows, truncated }: Part): string[] {
  const amount = typeof rows === "number" ? [counted(rows, "row")] : [];
  const kind = typeof format === "string" ? [cellText(format).toUpperCase()] : [];
  return [...amount, ...kind, ...(truncated === true ? ["cut at its limit"] : [])];
}

/** Which logs were read, by the applications' names, with which filter and of which time: one text each. */
export function readingTexts(row: Row, { apps, kinds }: ActNames): string[] {
  const details = partOf(row.details);
  const isRow = row.target_type === "event";
  const logs = [...listOf(details.app_ids), details.app_id, isRow ? null : row.target_id];
  return [
    ...logs.filter((id) => id !== null && id !== undefined).map((id) => named(id, apps)),
    ...(details.kind === undefined ? [] : [named(details.kind, kinds)]),
    ...listOf(details.filter).map(conditionText),
    ...windowTexts(details, row.occurred_at),
    ...fileTexts(details),
    ...(isRow ? [`row ${cellText(row.target_id)}`] : []),
  ];
}
