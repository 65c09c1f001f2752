import "server-only";
import type { Granted } from "@/lib/access/granted";
import { parseFilterParams } from "@/lib/filters/filter";
import { custom } from "@/lib/log-kinds/custom/custom";
import { query } from "@/lib/log-kinds/query/query";
import { searchEvents } from "@/lib/query/search";

const DAY_MICROS = 86_400_000_000;
/** How far back it looks: what is silent for longer is silent. */
const DAYS = 30;

/**
 * When the newest row of a data source was stored (RFC 3339 UTC), by which a silent one shows; null: none in 30 days.
 * @throws AppError 404 for an app that this subject may not use
 */
export async function newestRowOf(
  ctx: Granted<"events:read">,
  { appId, dataSourceId }: { appId: string; dataSourceId: string },
): Promise<string | null> {
  const now = Date.now() * 1_000;
  const { events } = await searchEvents(ctx, {
    appIds: [appId],
    fromMicros: now - DAYS * DAY_MICROS,
    // Producers' clocks may be a day ahead.
    toMicros: now + DAY_MICROS,
    filter: parseFilterParams([["data_source_id", dataSourceId]], [custom, query]),
    limit: 1,
  });
  return events[0]?.created_at ?? null;
}
