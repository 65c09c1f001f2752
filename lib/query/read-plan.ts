import "server-only";
import type { Subject } from "@/lib/access/granted";
import { AppError } from "@/lib/errors/app-error";
import { headsOf, type Log, logsOfApps } from "./log";
import type { Detail } from "./row";

/** What search, counts and CSV settle before they read: which logs, up to which row of each, and how much of a row to show. */
export interface ReadPlan {
  logs: Log[];
  /** Rows below this seq are read, per log id. */
  asOf: Map<number, number>;
  how: Detail;
}

export interface Pinnable {
  /** The addressed apps. */
  appIds: readonly string[];
  /** Heads to stay below, as an earlier answer gave them. A log that is not in it did not exist then. */
  asOf?: ReadonlyMap<number, number>;
}

/** @throws AppError 400 `invalid_cursor` where the pin names a log that is not addressed */
export async function readPlan(ctx: Subject, { appIds, asOf }: Pinnable): Promise<ReadPlan> {
  const logs = await logsOfApps(ctx, appIds);
  const heads = await headsOf(logs.map((log) => log.id));
  for (const id of asOf?.keys() ?? []) {
    if (!heads.has(id)) {
      throw new AppError(
        "invalid_cursor",
        "This cursor or snapshot belongs to other apps. Send it with the app_id that it came from.",
      );
    }
  }
  const pinned = asOf ? new Map([...heads].map(([id, head]) => [id, Math.min(head, asOf.get(id) ?? 0)])) : heads;
  return { logs, asOf: pinned, how: ctx.seesHeavyFields ? "list" : "light" };
}
