import "server-only";
import {
  type ConnectionField,
  connectionFaults,
  type DataSource,
  POSTGRES_PORT,
  type UpdateDataSource,
} from "@/lib/contracts/data-sources";
import { sealSecret } from "@/lib/crypto/stored-secrets";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { NOTHING_CHANGED, type Told } from "@/lib/system-audit/act";
import { refuseHost, refuseTakenName } from "./data-sources";
import {
  changesBetween,
  findSource,
  isDisconnected,
  lockSource,
  passwordPlace,
  type SourceManager,
  type SourceRow,
  targetOf,
  toDataSource,
} from "./source-row";

type Connection = Record<Exclude<ConnectionField, "password">, string | number | null>;

/** The connection that there is after the changes. */
function connectionAfter(row: SourceRow, changes: UpdateDataSource): Connection {
  const pick = <T>(sent: T | undefined, kept: T) => (sent === undefined ? kept : sent);
  const host = pick(changes.host, row.host);
  const tls = pick(changes.tls, row.tls) ?? "require";
  const kept = tls === "disable" ? row.tlsReason : null;
  return {
    host,
    port: host === null ? pick(changes.port, null) : (pick(changes.port, row.port) ?? POSTGRES_PORT),
    database: pick(changes.database, row.database),
    username: pick(changes.username, row.username),
    tls: host === null ? pick(changes.tls ?? undefined, null) : tls,
    tls_reason: pick(changes.tls_reason, kept),
  };
}

const STRENGTH: Record<string, number> = { disable: 0, require: 1, "verify-full": 2 };
const strengthOf = (tls: string | number | null) => STRENGTH[tls ?? ""] ?? 0;

/** A stored password was given for one server. Whoever may change the address must not be able to read it by doing so. */
function wantsPasswordAnew(row: SourceRow, after: Connection, changes: UpdateDataSource): boolean {
  if (row.sealedPassword === null || changes.password !== undefined || after.host === null) return false;
  return row.host !== after.host || row.port !== after.port || strengthOf(after.tls) < strengthOf(row.tls);
}

function check(row: SourceRow, after: Connection, changes: UpdateDataSource): void {
  const faults = connectionFaults({ type: row.type, ...after, password: changes.password });
  if (wantsPasswordAnew(row, after, changes))
    faults.push({
      path: "password",
      message:
        "is needed again when host or port changes or TLS gets weaker: the stored one was given for what was before",
    });
  if (faults.length === 0) return;
  throw new AppError("invalid_request", {
    detail: `Nothing was changed. ${faults.map(({ path, message }) => `The field ${path} ${message}.`).join(" ")}`,
    errors: faults.map(({ path, message }) => ({ pointer: `/${path}`, message })),
  });
}

/** A test says nothing of a connection that was changed after it. */
const UNTESTED = { lastTestedAt: null, lastTestFault: null, lastTestVersion: null };

const touches = (changes: UpdateDataSource) =>
  Object.keys(changes).some((name) => !["name", "query_link", "state"].includes(name));

function actsOf(row: SourceRow, updated: SourceRow): Told<unknown>["acts"] {
  const changes = changesBetween(row, updated);
  if (changes.length === 0) return NOTHING_CHANGED;
  const event = row.disconnectedAt === updated.disconnectedAt ? "data_source.updated" : "data_source.connected";
  return [{ event, target: targetOf(updated), changes }];
}

/**
 * Changes a data source; what is absent stays. Type and application stay always: rows name it by its id.
 * @throws AppError 404, 409 for a name that is taken or a disconnected one, 422 for a connection that does not hold together
 */
export async function updateDataSource(ctx: SourceManager, id: string, changes: UpdateDataSource): Promise<DataSource> {
  const found = await findSource(ctx, id);
  refuseHost(changes.host);
  const { orgId } = found;
  return mutation(ctx, async (tx) => {
    const row = await lockSource(tx, id);
    if (row.disconnectedAt !== null && changes.state === undefined) throw isDisconnected(row);
    const after = connectionAfter(row, changes);
    check(row, after, changes);
    if (changes.name !== undefined) await refuseTakenName(tx, orgId, { name: changes.name, id });
    const { password } = changes;
    const sealed = password ? await sealSecret(tx, passwordPlace({ orgId, id }), password) : null;
    const keepsPassword = password === undefined && after.host !== null;
    const updated = await tx.dataSource.update({
      where: { id },
      data: {
        ...(changes.name !== undefined && { name: changes.name }),
        host: after.host as string | null,
        port: after.port as number | null,
        database: after.database as string | null,
        username: after.username as string | null,
        tls: after.tls as string | null,
        tlsReason: after.tls_reason as string | null,
        ...(!keepsPassword && { sealedPassword: sealed }),
        ...(changes.query_link !== undefined && { queryLink: changes.query_link }),
        ...(changes.state !== undefined && { disconnectedAt: null }),
        ...(touches(changes) && UNTESTED),
      },
    });
    return { value: toDataSource(ctx, updated), acts: actsOf(row, updated) };
  });
}

/**
 * Takes a data source out of use and forgets its password. Its rows, its catalogue and its name stay; updateDataSource with
 * `state: connected` brings it back. A disconnected one stays as it is.
 * @throws AppError 404
 */
export async function disconnectDataSource(ctx: SourceManager, id: string): Promise<DataSource> {
  await findSource(ctx, id);
  return mutation(ctx, async (tx) => {
    const row = await lockSource(tx, id);
    if (row.disconnectedAt !== null) return { value: toDataSource(ctx, row), acts: NOTHING_CHANGED };
    const data = { disconnectedAt: new Date(), sealedPassword: null, ...UNTESTED };
    const gone = await tx.dataSource.update({ where: { id }, data });
    const changes = changesBetween(row, gone);
    return {
      value: toDataSource(ctx, gone),
      acts: [{ event: "data_source.disconnected", target: targetOf(gone), changes }],
    };
  });
}
