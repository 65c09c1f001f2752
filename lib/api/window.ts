import "server-only";
import type { Subject } from "@/lib/access/granted";
import { AppError } from "@/lib/errors/app-error";
import type { Filter } from "@/lib/filters/filter";
import { decodeSnapshot } from "@/lib/query/cursor";
import { logOfApp } from "@/lib/query/log";
import { addressedApps, filterOf, windowOf } from "./params";

/** What search, facets, histogram and download have in common. */
export interface WindowQuery {
  appIds: string[];
  kind?: string;
  fromMicros: number;
  toMicros: number;
  filter: Filter;
  asOf?: ReadonlyMap<number, number>;
}

interface Input {
  subject: Subject;
  query: {
    app_id?: string[] | undefined;
    kind?: string | undefined;
    from?: number | undefined;
    to?: number | undefined;
    as_of?: string | undefined;
  };
  rest: [string, string][];
}

/** `as_of` is an earlier snapshot, or a bare seq (that row included) where one app is addressed. */
async function pinOf(
  { subject, query: { as_of: asOf } }: Input,
  appIds: readonly string[],
): Promise<ReadonlyMap<number, number> | undefined> {
  if (asOf === undefined) return undefined;
  if (!/^\d{1,15}$/.test(asOf)) return decodeSnapshot(asOf);
  const [appId] = appIds;
  if (appId === undefined || appIds.length > 1) {
    throw new AppError(
      "invalid_query",
      "as_of: a bare seq needs exactly one app_id; send an answer's `snapshot` for several.",
    );
  }
  return new Map([[(await logOfApp(subject, appId)).id, Number(asOf) + 1]]);
}

/** @throws AppError 400 `window_required`, `invalid_query`, `invalid_cursor`; 404 */
export async function windowQueryOf(input: Input): Promise<WindowQuery> {
  const { subject, query, rest } = input;
  const appIds = addressedApps(subject, query.app_id, query.kind);
  const asOf = await pinOf(input, appIds);
  return {
    appIds,
    filter: filterOf(rest, query.kind),
    ...windowOf(query),
    ...(query.kind !== undefined && { kind: query.kind }),
    ...(asOf && { asOf }),
  };
}
