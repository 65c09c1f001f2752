import "server-only";
import { randomUUID } from "node:crypto";
import type { Granted } from "@/lib/access/granted";
import {
  type CreateDataSource,
  type DataSource,
  type DataSourceBrief,
  POSTGRES_PORT,
} from "@/lib/contracts/data-sources";
import { sealSecret } from "@/lib/crypto/stored-secrets";
import { fromDatabase } from "@/lib/db/errors";
import { mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { OutboundFault } from "@/lib/outbound/fault";
import { refuseClosedLiteral } from "@/lib/outbound/resolve";
import { faultSentence } from "./fault-words";
import {
  changesBetween,
  findSource,
  passwordPlace,
  reachOf,
  type SourceManager,
  type SourceReader,
  targetOf,
  toDataSource,
} from "./source-row";
import { forgetUnknownSources } from "./source-types";

const ORDER = [{ createdAt: "asc" }, { id: "asc" }] as const;

/** The data sources of the apps that this subject may address, oldest first; disconnected ones too. */
export async function listDataSources(ctx: SourceManager): Promise<DataSource[]> {
  try {
    const rows = await prisma().dataSource.findMany({ where: reachOf(ctx), orderBy: [...ORDER] });
    return rows.map((row) => toDataSource(ctx, row));
  } catch (error) {
    throw fromDatabase(error);
  }
}

/** What a reader of rows may know of their data sources. */
export type SourceName = Pick<DataSource, "id" | "app_id" | "name" | "type" | "query_link">;

/** Names and link templates of the data sources whose rows this subject may read, disconnected ones too: their rows stay. */
export async function listSourceNames(ctx: Granted<"events:read">): Promise<SourceName[]> {
  try {
    const rows = await prisma().dataSource.findMany({ where: reachOf(ctx), orderBy: [...ORDER] });
    return rows
      .map((row) => toDataSource(ctx, row))
      .map(({ id, app_id, name, type, query_link }) => ({ id, app_id, name, type, query_link }));
  } catch (error) {
    throw fromDatabase(error);
  }
}

/**
 * A data source: whole for those who manage them, else what a collector needs.
 * @throws AppError 404, the same for one of somebody else
 */
export async function getDataSource(ctx: SourceReader, id: string): Promise<DataSource | DataSourceBrief> {
  const whole = toDataSource(ctx, await findSource(ctx, id));
  if (ctx.permissions.has("sources:manage")) return whole;
  const { app_id, name, type, host, state } = whole;
  return { id: whole.id, app_id, name, type, host, state };
}

/** The same, undefined where there is none: for a page, which has its own way to say so. */
export async function findDataSource(ctx: SourceManager, id: string): Promise<DataSource | undefined> {
  const row = await prisma().dataSource.findFirst({ where: { ...reachOf(ctx), id } });
  return row ? toDataSource(ctx, row) : undefined;
}

/** @throws AppError 409: disconnected ones keep their names, since rows are told apart by them */
export async function refuseTakenName(tx: Transaction, orgId: string, wanted: { name: string; id?: string }) {
  const same = await tx.dataSource.findFirst({ where: { orgId, name: wanted.name }, select: { id: true } });
  if (same && same.id !== wanted.id)
    throw new AppError("conflict", {
      detail: `There is already a data source named “${wanted.name}”. Choose another name; disconnected ones keep theirs.`,
    });
}

/**
 * Refuses an address that could never be used, at once and by the field that names it. Names are looked up when they are used.
 * @throws AppError 422
 */
export function refuseHost(host: string | null | undefined): void {
  if (typeof host !== "string") return;
  try {
    refuseClosedLiteral(host);
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    const message = faultSentence(error.code, { host, port: 0, database: "", username: "" }, true);
    throw new AppError("invalid_request", { detail: message, errors: [{ pointer: "/host", message }], cause: error });
  }
}

/**
 * Connects a data source: rows may name it from now on. Nothing is sent to it yet.
 * @throws AppError 404 for an app that this subject may not use, 409 for a name that is taken
 */
export async function createDataSource(ctx: SourceManager, input: CreateDataSource): Promise<DataSource> {
  if (!ctx.appIds.includes(input.app_id)) {
    throw new AppError("not_found", {
      detail: "There is no application with that id that you may use.",
      errors: [{ pointer: "/app_id", message: "is no application that you may use" }],
    });
  }
  refuseHost(input.host);
  const id = randomUUID();
  const { orgId } = ctx;
  const hasConnection = typeof input.host === "string";
  const made = await mutation(ctx, async (tx) => {
    await refuseTakenName(tx, orgId, input);
    const row = await tx.dataSource.create({
      data: {
        id,
        orgId,
        appId: input.app_id,
        name: input.name,
        type: input.type,
        host: input.host ?? null,
        port: hasConnection ? (input.port ?? POSTGRES_PORT) : null,
        database: input.database ?? null,
        username: input.username ?? null,
        sealedPassword: input.password ? await sealSecret(tx, passwordPlace({ orgId, id }), input.password) : null,
        tls: hasConnection ? (input.tls ?? "require") : null,
        tlsReason: input.tls_reason ?? null,
        queryLink: input.query_link ?? null,
      },
    });
    const changes = changesBetween(undefined, row);
    return {
      value: toDataSource(ctx, row),
      acts: [{ event: "data_source.connected", target: targetOf(row), changes }],
    };
  });
  forgetUnknownSources();
  return made;
}
