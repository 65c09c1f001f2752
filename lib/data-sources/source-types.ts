import "server-only";
import { fromDatabase } from "@/lib/db/errors";
import { prisma } from "@/lib/db/prisma";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Most ids that are remembered; each is some hundred bytes. */
const KNOWN_MAX = 10_000;
/** How long an id that names nothing is not asked for again, ms: it may be connected a moment later. */
const UNKNOWN_MS = 1_000;

/** A data source never changes its app or type, so what is known stays true. */
const known = new Map<string, { type: string | undefined; until: number }>();
const keyOf = (appId: string, id: string) => `${appId}|${id.toLowerCase()}`;

/** Ids of data sources that events name, as they were sent; no event is trusted to be one. */
function idsIn(events: readonly unknown[]): string[] {
  const ids = new Set<string>();
  for (const event of events) {
    if (typeof event !== "object" || event === null || !("data_source_id" in event)) continue;
    const { data_source_id: id } = event;
    if (typeof id === "string" && UUID.test(id)) ids.add(id);
  }
  return [...ids];
}

/**
 * The types of an app's data sources that events name, for the dialect in which their texts are read: looked up at once, and
 * only for the app whose log is written. An id of another app is as unknown as one that there never was.
 * @throws AppError 503
 */
export async function sourceTypesFor(
  appId: string,
  events: readonly unknown[],
): Promise<(id: string) => string | undefined> {
  const now = performance.now();
  // The system log is no app's.
  if (!UUID.test(appId)) return () => undefined;
  const missing = idsIn(events).filter((id) => !((known.get(keyOf(appId, id))?.until ?? 0) > now));
  if (missing.length > 0) await learn(appId, missing);
  return (id) => known.get(keyOf(appId, id))?.type;
}

async function learn(appId: string, ids: readonly string[]): Promise<void> {
  try {
    const rows = await prisma().dataSource.findMany({
      where: { appId, id: { in: ids.map((id) => id.toLowerCase()) } },
      select: { id: true, type: true },
    });
    const types = new Map(rows.map(({ id, type }) => [id, type]));
    if (known.size + ids.length > KNOWN_MAX) known.clear();
    for (const id of ids) {
      const type = types.get(id.toLowerCase());
      const until = type === undefined ? performance.now() + UNKNOWN_MS : Number.POSITIVE_INFINITY;
      known.set(keyOf(appId, id), { type, until });
    }
  } catch (error) {
    throw fromDatabase(error);
  }
}

/** After one was connected, so that whoever connected it can write its rows at once. Other processes ask within a second. */
export function forgetUnknownSources(): void {
  for (const [key, { type }] of known) if (type === undefined) known.delete(key);
}
