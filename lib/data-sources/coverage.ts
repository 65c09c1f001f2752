import "server-only";
import type { Coverage } from "@/lib/contracts/coverage";
import { mutation } from "@/lib/db/mutation";
import { type Attempt, readSource } from "./connect";
import { ambiguousFinding, catalogueFinding, knownTables, missingTables, readTables } from "./coverage-catalogue";
import { findingsOf, worstFirst } from "./coverage-rules";
import { readSettings } from "./coverage-settings";
import { findConnected, type SourceManager, targetOf } from "./source-row";

const ATTEMPT = { event: "data_source.tested", details: { what: "coverage" } } as const satisfies Attempt;

/**
 * Asks a PostgreSQL data source for the settings that decide whether its statements will be recorded, and for its tables: an
 * audit that sees nothing looks like a day on which nothing happened. One row of the system log, whatever comes of it.
 * @throws AppError 404, 409 where it cannot be reached or is disconnected
 */
export async function checkCoverage(ctx: SourceManager, id: string): Promise<Coverage> {
  const row = await findConnected(ctx, id);
  // Before the source is asked: nothing of ours may fail between that and its row.
  const known = await knownTables(row);
  const { server, tables } = await readSource(ctx, row, ATTEMPT, async (client) => ({
    server: await readSettings(client),
    tables: await readTables(client),
  }));
  const missing = catalogueFinding(missingTables(known, tables), {
    cataloguedAt: row.cataloguedAt,
    known: known.length,
  });
  const ofTables = [missing, ambiguousFinding(known)].filter((finding) => finding !== undefined);
  const findings = worstFirst([...findingsOf(server), ...ofTables]);
  const level = findings[0]?.level ?? "ok";
  const details = { ...ATTEMPT.details, level };
  return mutation(ctx, async () => ({
    value: { level, findings, log_dir: server.logDir },
    acts: [{ event: ATTEMPT.event, target: targetOf(row), details }],
  }));
}
