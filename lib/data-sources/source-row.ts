import "server-only";
import type { Granted, Subject } from "@/lib/access/granted";
import { type DataSource, POSTGRES_PORT, type TlsMode } from "@/lib/contracts/data-sources";
import type { SecretPlace } from "@/lib/crypto/sealed";
import type { Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import type { DataSourceType } from "@/lib/log-kinds/query/fields";
import { HIDDEN } from "@/lib/log-kinds/system/masking";
import { formatMicros } from "@/lib/log-kinds/time";
import type { OutboundFaultCode } from "@/lib/outbound/fault";
import { type Change, changesOf } from "@/lib/system-audit/act";
import { type FaultPlace, faultSentence } from "./fault-words";

export type SourceManager = Granted<"sources:manage">;
/** A collector's key needs no more than the right to write rows to know what to collect. */
export type SourceReader = Granted<"sources:manage"> | Granted<"events:write">;

/** A data source as it is stored. */
export interface SourceRow {
  id: string;
  orgId: string;
  appId: string;
  name: string;
  type: string;
  host: string | null;
  port: number | null;
  database: string | null;
  username: string | null;
  sealedPassword: Uint8Array | null;
  tls: string | null;
  tlsReason: string | null;
  queryLink: string | null;
  createdAt: Date;
  disconnectedAt: Date | null;
  lastTestedAt: Date | null;
  lastTestFault: string | null;
  lastTestVersion: string | null;
  cataloguedAt: Date | null;
}

const time = (date: Date) => formatMicros(date.getTime() * 1000);
const timeOrNull = (date: Date | null) => date && time(date);

const placeOf = (row: SourceRow): FaultPlace => ({
  host: row.host ?? "",
  port: row.port ?? POSTGRES_PORT,
  database: row.database ?? "",
  username: row.username ?? "",
});

/**
 * Why a connection failed, for this subject: those who see the whole organization are told apart what would map this
 * server's network for others.
 */
export const faultFor = (ctx: Subject, row: SourceRow, code: OutboundFaultCode): string =>
  faultSentence(code, placeOf(row), ctx.seesWholeOrganization);

/** The words are made for whoever reads them: what is kept is the kind of fault. */
function testOf(ctx: Subject, row: SourceRow): DataSource["last_test"] {
  if (row.lastTestedAt === null) return null;
  const fault = row.lastTestFault as OutboundFaultCode | null;
  return fault === null
    ? { ok: true, message: `Connected to ${row.lastTestVersion ?? "it"} as “${row.username}”.` }
    : { ok: false, message: faultFor(ctx, row, fault) };
}

/** What goes out: never the password, sealed or not. */
export const toDataSource = (ctx: Subject, row: SourceRow): DataSource => ({
  id: row.id,
  app_id: row.appId,
  name: row.name,
  type: row.type as DataSourceType,
  host: row.host,
  port: row.port,
  database: row.database,
  username: row.username,
  has_password: row.sealedPassword !== null,
  tls: row.tls as TlsMode | null,
  tls_reason: row.tlsReason,
  query_link: row.queryLink,
  state: row.disconnectedAt === null ? "connected" : "disconnected",
  created_at: time(row.createdAt),
  disconnected_at: timeOrNull(row.disconnectedAt),
  last_tested_at: timeOrNull(row.lastTestedAt),
  last_test: testOf(ctx, row),
  catalogued_at: timeOrNull(row.cataloguedAt),
});

/** Data sources that this subject may know of: those of the apps that it may address. */
export const reachOf = (ctx: Subject) => ({ orgId: ctx.orgId, appId: { in: [...ctx.appIds] } });

/** The same answer for a data source of somebody else and for one that there never was. */
export const sourceGone = () => new AppError("not_found", "There is no data source with that id that you may use.");

/** @throws AppError 404 */
export async function findSource(ctx: Subject, id: string): Promise<SourceRow> {
  const row = await prisma().dataSource.findFirst({ where: { ...reachOf(ctx), id } });
  if (!row) throw sourceGone();
  return row;
}

export const isDisconnected = ({ name }: Pick<SourceRow, "name">) =>
  new AppError("conflict", `The data source “${name}” is disconnected. Connect it again first.`);

/** One that is in use. @throws AppError 404, 409 for a disconnected one */
export async function findConnected(ctx: Subject, id: string): Promise<SourceRow> {
  const row = await findSource(ctx, id);
  if (row.disconnectedAt !== null) throw isDisconnected(row);
  return row;
}

export const passwordPlace = ({ orgId, id }: Pick<SourceRow, "orgId" | "id">): SecretPlace => ({
  orgId,
  table: "DataSource",
  column: "sealedPassword",
  rowId: id,
});

/** What acts of the system log name. */
export const targetOf = ({ id, name }: Pick<SourceRow, "id" | "name">) => ({ type: "data_source", id, name });

/** What acts tell of a data source: its password only as being there. */
const toldOf = (row: SourceRow) => ({
  name: row.name,
  app_id: row.appId,
  type: row.type,
  host: row.host,
  port: row.port,
  database: row.database,
  username: row.username,
  password: row.sealedPassword && HIDDEN,
  tls: row.tls,
  tls_reason: row.tlsReason,
  query_link: row.queryLink,
  state: row.disconnectedAt === null ? "connected" : "disconnected",
});

/** What an act changed. Another password is another one, though both are hidden. */
export function changesBetween(old: SourceRow | undefined, fresh: SourceRow): readonly Change[] {
  const changes = changesOf(old ? toldOf(old) : {}, toldOf(fresh));
  const isResealed =
    old?.sealedPassword && fresh.sealedPassword && !Buffer.from(old.sealedPassword).equals(fresh.sealedPassword);
  return isResealed ? [...changes, { field: "password", old: HIDDEN, new: HIDDEN }] : changes;
}

/** One data source as it is now; whoever else would change it waits, so that "old" in its act is true. @throws AppError 404 */
export async function lockSource(tx: Transaction, id: string): Promise<SourceRow> {
  await tx.$queryRaw`select id from "DataSource" where id = ${id}::uuid for no key update`;
  const row = await tx.dataSource.findUnique({ where: { id } });
  if (!row) throw sourceGone();
  return row;
}
