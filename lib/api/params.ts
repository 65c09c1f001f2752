import "server-only";
import type { z } from "zod";
import { addressedApp, SYSTEM_LOG } from "@/lib/access/door";
import type { Subject } from "@/lib/access/granted";
import { AppError, type Fault } from "@/lib/errors/app-error";
import { faultsOf, wordFault } from "@/lib/errors/wording";
import type { Filter } from "@/lib/filters/filter";
import { readFilter } from "@/lib/filters/read-filter";
import type { KindDef } from "@/lib/log-kinds/define";
import { findKind, kinds } from "@/lib/log-kinds/registry";
import { system } from "@/lib/log-kinds/system/system";
import type { ApiContext } from "./context";

const SYSTEM_KIND = system.id;

/** May stand several times where the contract takes a list; any other one is a mistake when it does. */
const REPEATABLE = new Set(["app_id"]);

export interface Params<Query> {
  query: Query;
  /** What the contract does not name: filters, or faults. */
  rest: [string, string][];
}

function searchParams(url: string): Iterable<[string, string]> {
  const question = url.indexOf("?");
  return question < 0 ? [] : new URLSearchParams(url.slice(question));
}

/**
 * The query string against a contract. Nothing is ignored: what is left over must be a filter.
 * @throws AppError 400 `invalid_query` naming each parameter
 */
export function parseParams<S extends z.ZodObject>(url: string, schema: S): Params<z.output<S>> {
  const known: Record<string, string | string[]> = {};
  const rest: [string, string][] = [];
  const faults: Fault[] = [];
  for (const [name, value] of searchParams(url)) {
    const isList = REPEATABLE.has(name) && schema.shape[name]?.safeParse([value]).success;
    if (!Object.hasOwn(schema.shape, name)) rest.push([name, value]);
    else if (isList) known[name] = [...(known[name] ?? []), value];
    else if (name in known) faults.push({ pointer: name, message: "was given twice" });
    else known[name] = value;
  }
  const parsed = schema.safeParse(known, { error: wordFault });
  if (!parsed.success) {
    faults.push(...faultsOf(parsed.error).map(({ path, message }) => ({ pointer: path.join("."), message })));
  }
  if (faults.length > 0 || !parsed.success) throw invalidQuery(faults);
  return { query: parsed.data, rest };
}

function invalidQuery(faults: Fault[]): AppError {
  const [first] = faults;
  return new AppError("invalid_query", { detail: `${first?.pointer}: ${first?.message}`, errors: faults });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id in the path. What cannot be an id is as absent as an id of somebody else.
 * @throws AppError 404
 */
export function pathId(c: ApiContext, noun: string): string {
  const id = c.req.param("id")?.toLowerCase() ?? "";
  if (!UUID.test(id)) throw new AppError("not_found", `There is no ${noun} with that id that you may use.`);
  return id;
}

/** For endpoints without filters: nothing may be left over. */
export function refuseRest(rest: readonly [string, string][]): void {
  if (rest.length > 0)
    throw invalidQuery(rest.map(([name]) => ({ pointer: name, message: "is not a parameter here" })));
}

/** @throws AppError 400 for a kind that there is not */
export function kindsOf(kind: string | undefined): readonly KindDef[] {
  if (kind === undefined) return kinds;
  const found = findKind(kind);
  if (!found)
    throw invalidQuery([{ pointer: "kind", message: `must be one of: ${kinds.map((one) => one.id).join(", ")}` }]);
  return [found];
}

export function filterOf(rest: readonly [string, string][], kind: string | undefined): Filter {
  return readFilter(rest, kindsOf(kind));
}

/**
 * Which log a request means. System rows are in the organization's own log, so whoever asks for their kind means that one.
 * @throws AppError 400 for system rows of an app, 404 for an app that this subject may not use
 */
export function addressedLog(subject: Subject, id: string | undefined, kind: string | undefined): string {
  if (kind !== SYSTEM_KIND) return addressedApp(subject, id);
  if (id === undefined || id === SYSTEM_LOG) return addressedApp(subject, SYSTEM_LOG);
  throw invalidQuery([
    {
      pointer: "app_id",
      message: "is system, or is left out, where kind is system: they are in the organization's log",
    },
  ]);
}

/**
 * The apps that a search addresses: named ones, `all`, or home.
 * @throws AppError as addressedLog
 */
export function addressedApps(subject: Subject, ids: readonly string[] | undefined, kind?: string): string[] {
  if (kind === SYSTEM_KIND)
    return [...new Set((ids?.length ? ids : [undefined]).map((id) => addressedLog(subject, id, kind)))];
  if (ids?.includes("all")) return [...subject.appIds];
  if (!ids || ids.length === 0) return [addressedApp(subject, undefined)];
  return [...new Set(ids)].map((id) => addressedApp(subject, id));
}

interface WindowParams {
  from?: number | undefined;
  to?: number | undefined;
}

/** @throws AppError 400 `window_required`, `invalid_query` */
export function windowOf({ from, to }: WindowParams): { fromMicros: number; toMicros: number } {
  if (from === undefined || to === undefined) {
    throw new AppError("window_required", "Send both `from` and `to` (RFC 3339): a search is over a time window.");
  }
  if (from >= to) throw invalidQuery([{ pointer: "to", message: "must be after `from`" }]);
  return { fromMicros: from, toMicros: to };
}
