import "server-only";
import { createHash } from "node:crypto";
import type { Subject } from "@/lib/access/granted";
import { type Filter, paramsOf } from "@/lib/filters/filter";
import { formatTime } from "@/lib/log-kinds/time";
import { logger } from "@/lib/observability/logger";
import { authorOf } from "./act";
import { record, recordOrRefuse } from "./record";

/** What was read of which logs. `system` among the apps is the organization's own log. */
export interface Reading {
  appIds: readonly string[];
  kind?: string | undefined;
  filter: Filter;
  fromMicros?: number;
  toMicros?: number;
}

/** The same person reading the same once more within this time adds no row. */
const VIEW_MS = 5 * 60_000;
/** Views that are remembered; the oldest are forgotten first, which costs a row more. */
const VIEWS_MAX = 10_000;
/** Windows of one view that are remembered. */
const WINDOWS_MAX = 8;
/** So far may a window move on with the clock and be the same one. */
const MOVED_MICROS_MAX = 10 * 60_000_000;
const NAMED_APPS_MAX = 100;
const FILTER_VALUE_CHARS_MAX = 200;

/** On globalThis: Next may load this module once per route bundle, and each would remember for itself. */
const holder = globalThis as { affidavitViews?: { told: Map<string, ToldWindow[]>; pending: Set<Promise<void>> } };
function views() {
  holder.affidavitViews ??= { told: new Map(), pending: new Set() };
  return holder.affidavitViews;
}

/** A window that a row tells of. */
interface ToldWindow {
  fromMicros: number;
  toMicros: number;
  /** When it is forgotten, by performance.now(). */
  until: number;
}

const cut = (text: string) =>
  text.length > FILTER_VALUE_CHARS_MAX ? `${text.slice(0, FILTER_VALUE_CHARS_MAX)}…` : text;

function targetOf({ appIds }: Reading) {
  return { type: "log", id: appIds.length === 1 ? (appIds[0] ?? null) : null, name: null };
}

function detailsOf({ appIds, kind, filter, fromMicros, toMicros }: Reading): Record<string, unknown> {
  return {
    ...(appIds.length > 1 && { logs: appIds.length, app_ids: appIds.slice(0, NAMED_APPS_MAX) }),
    ...(kind !== undefined && { kind }),
    ...(filter.length > 0 && { filter: paramsOf(filter).map(([field, value]) => ({ field, value: cut(value) })) }),
    ...(fromMicros !== undefined && { from: formatTime(fromMicros) }),
    ...(toMicros !== undefined && { to: formatTime(toMicros) }),
  };
}

/** Who reads what; of which hours is compared by itself. */
function keyOf({ orgId, actor }: Subject, { appIds, kind, filter }: Reading): string {
  const who = actor.type === "user" ? actor.userId : actor.keyId;
  const conditions = paramsOf(filter).sort();
  const what = JSON.stringify([orgId, actor.type, who, [...appIds].sort(), kind ?? null, conditions]);
  return createHash("sha256").update(what).digest("base64");
}

/** The window of a question; without one, as of a tail, it is all of the log. */
function windowOf({ fromMicros, toMicros }: Reading): ToldWindow {
  return { fromMicros: fromMicros ?? -Infinity, toMicros: toMicros ?? Infinity, until: performance.now() + VIEW_MS };
}

const reachesOutside = (window: ToldWindow, told: ToldWindow) =>
  window.fromMicros < told.fromMicros || window.toMicros > told.toMicros + MOVED_MICROS_MAX;

/** Remembers a window as told. @returns false where one that was told holds it */
function isNews(told: Map<string, ToldWindow[]>, key: string, window: ToldWindow): boolean {
  const now = performance.now();
  const known = (told.get(key) ?? []).filter(({ until }) => until > now);
  if (known.some((one) => !reachesOutside(window, one))) return false;
  told.delete(key);
  told.set(key, [...known, window].slice(-WINDOWS_MAX));
  const [oldest] = told.keys();
  if (told.size > VIEWS_MAX && oldest !== undefined) told.delete(oldest);
  return true;
}

function forget(told: Map<string, ToldWindow[]>, key: string, window: ToldWindow): void {
  const others = (told.get(key) ?? []).filter((one) => one !== window);
  if (others.length > 0) told.set(key, others);
  else told.delete(key);
}

/**
 * Tells that rows were read, at most once in five minutes per reader, logs, kind and filter, and again where a question
 * reaches outside the windows told. Nobody waits for it; where it cannot be written the reader's next question tries again.
 * Viewing the system log is a view like any other, and so one row.
 */
export function recordView(subject: Subject, reading: Reading): void {
  const { told, pending } = views();
  const key = keyOf(subject, reading);
  const window = windowOf(reading);
  if (!isNews(told, key, window)) return;
  const by = authorOf(subject);
  const written = record({ by, event: "audit.view", target: targetOf(reading), details: detailsOf(reading) })
    .catch((err: unknown) => {
      forget(told, key, window);
      logger().warn({ err }, "A view could not be recorded; the next one like it tries again.");
    })
    .finally(() => pending.delete(written));
  pending.add(written);
}

/** Waits for the views that are being written. Before the pools are closed. */
export async function viewsWritten(): Promise<void> {
  await Promise.all(views().pending);
}

/**
 * Tells that one row was opened whole. To be awaited before it is shown.
 * @throws AppError 503
 */
export async function recordOpening(subject: Subject, row: { id: string; kind: string; appId: string }): Promise<void> {
  await recordOrRefuse({
    by: authorOf(subject),
    event: "audit.event.open",
    target: { type: "event", id: row.id, name: null },
    details: { app_id: row.appId, kind: row.kind },
  });
}

/**
 * Tells that rows were taken away as a file. To be awaited before its first byte.
 * @throws AppError 503
 */
export async function recordDownload(
  subject: Subject,
  reading: Reading,
  file: { format: string; rows: number; truncated: boolean },
): Promise<void> {
  await recordOrRefuse({
    by: authorOf(subject),
    event: "audit.export.download",
    target: targetOf(reading),
    details: { ...detailsOf(reading), ...file },
  });
}
