import "server-only";
import type { Granted } from "@/lib/access/granted";
import { NEWEST_ROW_DAYS, type NewestRow, type NewestRows } from "@/lib/contracts/newest-row";
import { parseFilterParams } from "@/lib/filters/filter";
import { custom } from "@/lib/log-kinds/custom/custom";
import { query } from "@/lib/log-kinds/query/query";
import { findRows } from "./search";
import { SEARCH_BUDGETS } from "./search-query";

const DAY_MICROS = 86_400_000_000;
interface Source {
  appId: string;
  dataSourceId: string;
}

/** A line beside a list must not cost what a search may. */
const BUDGETS = { ...SEARCH_BUDGETS, walkMax: 8_000, deadlineMs: 500 };

/** Rows are found by when they happened; among so many the one that came last is taken for the newest. */
const LOOKED_AT = 100;

async function newestOfKind(
  ctx: Granted<"events:read">,
  { appId, dataSourceId }: Source,
  kind: typeof custom | typeof query,
): Promise<NewestRow> {
  const now = Date.now() * 1_000;
  const page = await findRows(ctx, {
    appIds: [appId],
    kind: kind.id,
    fromMicros: now - NEWEST_ROW_DAYS * DAY_MICROS,
    // Producers' clocks may be a day ahead.
    toMicros: now + DAY_MICROS,
    filter: parseFilterParams([["data_source_id", dataSourceId]], [kind]),
    limit: LOOKED_AT,
    budgets: BUDGETS,
  });
  const createdAt = page.events
    .map(({ created_at }) => created_at)
    .sort()
    .at(-1);
  if (createdAt !== undefined) return { state: "found", createdAt };
  return { state: page.partial ? "unknown" : "none" };
}

/**
 * The newest rows that a data source brought: a silent source shows by them. Ends after about a second in a large log.
 * @throws AppError 404 for an app that this subject may not use
 */
export async function newestRowOf(ctx: Granted<"events:read">, source: Source): Promise<NewestRows> {
  return { query: await newestOfKind(ctx, source, query), custom: await newestOfKind(ctx, source, custom) };
}
