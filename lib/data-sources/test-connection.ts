import "server-only";
import type { DataSource } from "@/lib/contracts/data-sources";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { OutboundFault, type OutboundFaultCode } from "@/lib/outbound/fault";
import { tellFailure, withSource } from "./connect";
import { findConnected, type SourceManager, type SourceRow, targetOf, toDataSource } from "./source-row";

interface TestResult {
  version: string | null;
  fault: OutboundFaultCode | null;
}

/** 180001 → 18.1, 90624 → 9.6 */
function versionText(number: number): string {
  const major = Math.floor(number / 10_000);
  return major >= 10 ? `${major}.${number % 10_000}` : `${major}.${Math.floor(number / 100) % 100}`;
}

async function tryConnection(ctx: SourceManager, row: SourceRow): Promise<TestResult> {
  try {
    const { rows } = await withSource(row, (client) =>
      client.query<{ server_version_num: string }>("show server_version_num"),
    );
    return { version: `PostgreSQL ${versionText(Number(rows[0]?.server_version_num))}`, fault: null };
  } catch (error) {
    if (error instanceof OutboundFault) return { version: null, fault: error.code };
    // Ours, after the source was asked: it is told, and is no result of the test.
    if (!(error instanceof AppError)) await tellFailure(ctx, row, { event: "data_source.tested" }, "other");
    throw error;
  }
}

/**
 * Connects, signs in and reads the version; what was found is kept with the data source. Takes at most 5 s to connect.
 * @throws AppError 404, 409 for a disconnected one or one without a connection
 */
export async function testDataSource(ctx: SourceManager, id: string): Promise<DataSource> {
  const row = await findConnected(ctx, id);
  const { version, fault } = await tryConnection(ctx, row);
  return mutation(ctx, async (tx) => {
    const tested = await tx.dataSource.update({
      where: { id },
      data: { lastTestedAt: new Date(), lastTestVersion: version, lastTestFault: fault },
    });
    const details = fault === null ? { version } : { fault };
    const outcome = fault === null ? "success" : "failure";
    return {
      value: toDataSource(ctx, tested),
      acts: [{ event: "data_source.tested", target: targetOf(tested), details, outcome }],
    };
  });
}
