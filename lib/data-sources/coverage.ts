import "server-only";
import type { Coverage } from "@/lib/contracts/coverage";
import { readSource } from "./connect";
import { catalogueFinding, missingTables, readTables } from "./coverage-catalogue";
import { findingsOf, worstFirst } from "./coverage-rules";
import { readSettings } from "./coverage-settings";
import { findConnected, type SourceManager } from "./source-row";

/**
 * Asks a PostgreSQL data source for the settings that decide whether its statements will be recorded, and for its tables: an
 * audit that sees nothing looks like a day on which nothing happened.
 * @throws AppError 404, 409 where it cannot be reached or is disconnected
 */
export async function checkCoverage(ctx: SourceManager, id: string): Promise<Coverage> {
  const row = await findConnected(ctx, id);
  const { server, tables } = await readSource(ctx, row, async (client) => ({
    server: await readSettings(client),
    tables: await readTables(client),
  }));
  const missing = catalogueFinding(await missingTables(row, tables), row.cataloguedAt);
  const findings = worstFirst([...findingsOf(server), ...(missing ? [missing] : [])]);
  return { level: findings[0]?.level ?? "ok", findings };
}
