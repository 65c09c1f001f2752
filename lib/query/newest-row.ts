import "server-only";
import type { Granted } from "@/lib/access/granted";
import { NEWEST_ROW_DAYS, type NewestRow } from "@/lib/contracts/newest-row";
import { parseFilterParams } from "@/lib/filters/filter";
import { custom } from "@/lib/log-kinds/custom/custom";
import { query } from "@/lib/log-kinds/query/query";
import { findRows } from "./search";
import { SEARCH_BUDGETS } from "./search-query";

const DAY_MICROS = 86_400_000_000;
/** A line beside a list must not cost what a search may. */
const BUDGETS = { ...SEARCH_BUDGETS, walkMax: 8_000, deadlineMs: 500 };

/**
 * The newest row that a data source brought, by when it happened: a silent source shows by it. Ends after about half a
 * second in a large log.
 * @throws AppError 404 for an app that this subject may not use
 */
export async function newestRowOf(
  ctx: Granted<"events:read">,
  { appId, dataSourceId }: { appId: string; dataSourceId: string },
): Promise<NewestRow> {
  const now = Date.now() * 1_000;
  const page = await findRows(ctx, {
    appIds: [appId],
    fromMicros: now - NEWEST_ROW_DAYS * DAY_MICROS,
    // Producers' clocks may be a day ahead.
    toMicros: now + DAY_MICROS,
    filter: parseFilterParams([["data_source_id", dataSourceId]], [custom, query]),
    limit: 1,
    budgets: BUDGETS,
  });
  const [row] = page.events;
  if (row) return { state: "found", createdAt: row.created_at };
  return { state: page.partial ? "unknown" : "none" };
}
