import "server-only";
import type pg from "pg";
import type { Subject } from "@/lib/access/granted";
import { POSTGRES_PORT, type TlsMode } from "@/lib/contracts/data-sources";
import { SealBroken } from "@/lib/crypto/sealed";
import { openSecret } from "@/lib/crypto/stored-secrets";
import { AppError } from "@/lib/errors/app-error";
import { logger } from "@/lib/observability/logger";
import { OutboundFault } from "@/lib/outbound/fault";
import { type PostgresTarget, withPostgres } from "@/lib/outbound/postgres";
import { faultFor, passwordPlace, type SourceRow } from "./source-row";

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
async function targetOf(row: SourceRow): Promise<PostgresTarget> {
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
  return withPostgres(await targetOf(row), LIMITS, use);
}

/** The same, with the fault in words. @throws AppError 409 `source_unreachable` */
export async function readSource<T>(ctx: Subject, row: SourceRow, use: (client: pg.Client) => Promise<T>): Promise<T> {
  try {
    return await withSource(row, use);
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    throw new AppError("source_unreachable", { detail: faultFor(ctx, row, error.code), cause: error });
  }
}
