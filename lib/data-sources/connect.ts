import "server-only";
import type pg from "pg";
import type { Subject } from "@/lib/access/granted";
import { POSTGRES_PORT, type TlsMode } from "@/lib/contracts/data-sources";
import { SealBroken } from "@/lib/crypto/sealed";
import { openSecret } from "@/lib/crypto/stored-secrets";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { logger } from "@/lib/observability/logger";
import { OutboundFault, type OutboundFaultCode } from "@/lib/outbound/fault";
import { type PostgresTarget, withPostgres } from "@/lib/outbound/postgres";
import type { Act } from "@/lib/system-audit/act";
import { faultFor, passwordPlace, type SourceRow, targetOf } from "./source-row";

const MIB = 1_048_576;
const LIMITS = { connectMs: 5_000, totalMs: 30_000, bytesMax: 64 * MIB };

async function passwordOf(row: SourceRow): Promise<string | null> {
  if (row.sealedPassword === null) return null;
  try {
    return await openSecret(passwordPlace(row), row.sealedPassword);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    logger().error({ err: error, data_source_id: row.id }, "A stored password does not open.");
    throw new AppError("source_unreachable", {
      detail:
        "The stored password cannot be read: this server's root secret is not the one that it was stored with. Enter it again.",
      cause: error,
    });
  }
}

/** @throws AppError 409 where it has no connection */
async function destinationOf(row: SourceRow): Promise<PostgresTarget> {
  const { host, port, database, username, tls } = row;
  if (host === null || database === null || username === null)
    throw new AppError(
      "source_unreachable",
      row.type === "postgres"
        ? `The data source “${row.name}” has no connection. Give its host, database and user first.`
        : `Only PostgreSQL can be connected to from here. Send the catalogue of “${row.name}” with PUT /v1/data-sources/{id}/catalogue.`,
    );
  return {
    host,
    port: port ?? POSTGRES_PORT,
    database,
    username,
    password: await passwordOf(row),
    tls: (tls ?? "require") as TlsMode,
  };
}

/**
 * Reads from a data source with its stored connection.
 * @throws OutboundFault where it cannot be used, AppError 409 where there is no connection at all
 */
export async function withSource<T>(row: SourceRow, use: (client: pg.Client) => Promise<T>): Promise<T> {
  return withPostgres(await destinationOf(row), LIMITS, use);
}

/** What a connection is made for: the act that tells of it where nothing comes of it. */
export type Attempt = Pick<Act, "event" | "details">;

/** Why nothing came of a connection: a kind of fault. Its words would hold what the source said. */
type AttemptFault = OutboundFaultCode | "too_many_columns" | "not_stored";

/**
 * Tells that a data source was connected to and nothing came of it, in a transaction of its own.
 * @throws AppError 503 where that cannot be written
 */
export function tellFailure(ctx: Subject, row: SourceRow, attempt: Attempt, fault: AttemptFault): Promise<void> {
  const details = { ...attempt.details, fault };
  return mutation(ctx, async () => ({
    value: undefined,
    acts: [{ event: attempt.event, target: targetOf(row), details, outcome: "failure" }],
  }));
}

/**
 * The same, with the fault told in the system log and answered in words. What is refused before the source is asked is no
 * act.
 * @throws AppError 409 `source_unreachable`
 */
export async function readSource<T>(
  ctx: Subject,
  row: SourceRow,
  attempt: Attempt,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  try {
    return await withSource(row, use);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isFault = error instanceof OutboundFault;
    await tellFailure(ctx, row, attempt, isFault ? error.code : "other");
    if (!isFault) throw error;
    throw new AppError("source_unreachable", { detail: faultFor(ctx, row, error.code), cause: error });
  }
}
