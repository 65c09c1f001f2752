import "server-only";
import { keyPrefix, makeApiKey } from "@/lib/access/api-key-format";
import type { Granted } from "@/lib/access/granted";
import { isPermission, SCOPES } from "@/lib/access/policy";
import { type ApiKey, type CreateApiKey, type NewApiKey, RevokeApiKey } from "@/lib/contracts/api-keys";
import { fromDatabase } from "@/lib/db/errors";
import { mutation } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { formatMicros } from "@/lib/log-kinds/time";
import { type Act, changesOf, NOTHING_CHANGED } from "@/lib/system-audit/act";

type KeyManager = Granted<"keys:manage">;

interface KeyRow {
  id: string;
  mode: string;
  name: string;
  appId: string;
  orgWide: boolean;
  scopes: string[];
  createdAt: Date;
  createdBy: { email: string } | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

/** Everything but the hash. */
export const SHOWN_OF_KEY = {
  id: true,
  mode: true,
  name: true,
  appId: true,
  orgWide: true,
  scopes: true,
  createdAt: true,
  createdBy: { select: { email: true } },
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
} as const;

const time = (date: Date | null) => (date ? formatMicros(date.getTime() * 1000) : null);

export const toApiKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  prefix: keyPrefix(row),
  name: row.name,
  app_id: row.appId,
  org_wide: row.orgWide,
  scopes: row.scopes,
  created_at: formatMicros(row.createdAt.getTime() * 1000),
  created_by: row.createdBy?.email ?? null,
  expires_at: time(row.expiresAt),
  revoked_at: time(row.revokedAt),
  last_used_at: time(row.lastUsedAt),
});

/** Keys that this subject may see and revoke: those of its apps, and organization-wide ones only if it is so itself. */
function manageable(ctx: KeyManager) {
  if (ctx.seesWholeOrganization) return { orgId: ctx.orgId };
  return { orgId: ctx.orgId, appId: { in: [...ctx.appIds] }, orgWide: false };
}

/** Newest first, revoked ones included. */
export async function listApiKeys(ctx: KeyManager): Promise<ApiKey[]> {
  try {
    const where = manageable(ctx);
    const rows = await prisma().apiKey.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      select: SHOWN_OF_KEY,
    });
    return rows.map(toApiKey);
  } catch (error) {
    throw fromDatabase(error);
  }
}

/** @throws AppError 422 for a scope that does not exist, 403 naming those that the maker lacks */
function checkScopes(ctx: KeyManager, scopes: readonly string[]): string[] {
  const unknown = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown.length > 0) {
    const message = `names scopes that keys cannot carry: ${unknown.join(", ")}. There are ${SCOPES.join(", ")}`;
    throw new AppError("invalid_request", {
      detail: `The field scopes ${message}.`,
      errors: [{ pointer: "/scopes", message }],
    });
  }
  const lacking = scopes.filter((scope) => !isPermission(scope) || !ctx.permissions.has(scope));
  if (lacking.length > 0) {
    throw new AppError("forbidden", {
      detail: `You cannot give a key what you do not have: ${lacking.join(", ")}.`,
      errors: [{ pointer: "/scopes", message: `You lack ${lacking.join(", ")}` }],
      extra: { missing_scope: lacking.join(", ") },
    });
  }
  return [...new Set(scopes)];
}

function checkExpiry(expiresAt: string | null | undefined): Date | null {
  const date = expiresAt ? new Date(expiresAt) : null;
  if (!date || date.getTime() > Date.now()) return date;
  throw new AppError("invalid_request", {
    detail: "The key would have expired already. Give a time in the future, or none.",
    errors: [{ pointer: "/expires_at", message: "must be in the future" }],
  });
}

const targetOf = ({ prefix, name }: ApiKey) => ({ type: "api_key", id: prefix, name });

/** The act of making a key, as the system log tells it. The key itself is told to nobody but its maker. */
export function createdKey(key: ApiKey): Act {
  const { name, app_id, org_wide, scopes, expires_at } = key;
  return {
    event: "api_key.created",
    target: targetOf(key),
    changes: changesOf({}, { name, app_id, org_wide, scopes, expires_at }),
  };
}

/**
 * Makes a key. The answer is the only place where it is ever shown.
 * @throws AppError `not_found` for an app that the maker may not use, `forbidden` for a scope or reach that the maker
 * lacks, `invalid_request`
 */
export async function createApiKey(ctx: KeyManager, input: CreateApiKey): Promise<NewApiKey> {
  if (!ctx.appIds.includes(input.app_id)) {
    throw new AppError("not_found", {
      detail: "There is no application with that id that you may use.",
      errors: [{ pointer: "/app_id", message: "is no application that you may use" }],
    });
  }
  const scopes = checkScopes(ctx, input.scopes);
  const expiresAt = checkExpiry(input.expires_at);
  if (input.org_wide && !ctx.seesWholeOrganization) {
    throw new AppError("forbidden", {
      detail: "You cannot make an organization-wide key: you yourself do not reach every application.",
      errors: [{ pointer: "/org_wide", message: "is more than you have" }],
    });
  }
  const { id, mode, secretHash, text } = makeApiKey(input.mode);
  const row = await mutation(ctx, async (tx) => {
    const made = await tx.apiKey.create({
      data: {
        id,
        mode,
        name: input.name,
        orgId: ctx.orgId,
        appId: input.app_id,
        orgWide: input.org_wide,
        scopes,
        secretHash: new Uint8Array(secretHash),
        createdByUserId: ctx.actor.type === "user" ? ctx.actor.userId : ctx.actor.createdByUserId,
        expiresAt,
      },
      select: SHOWN_OF_KEY,
    });
    return { value: made, acts: [createdKey(toApiKey(made))] };
  });
  return { ...toApiKey(row), key: text };
}

/**
 * Stops a key for good; within a second in every process. Revoking a revoked key changes nothing.
 * @throws AppError `not_found`
 */
export async function revokeApiKey(ctx: KeyManager, id: string): Promise<ApiKey> {
  const missing = new AppError("not_found", { detail: "There is no API key with that id that you may manage." });
  if (!RevokeApiKey.shape.id.safeParse(id).success) throw missing;
  const where = { ...manageable(ctx), id };
  return mutation(ctx, async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    const row = await tx.apiKey.findFirst({ where, select: SHOWN_OF_KEY });
    if (!row) throw missing;
    const key = toApiKey(row);
    if (count === 0) return { value: key, acts: NOTHING_CHANGED };
    const changes = changesOf({}, { revoked_at: key.revoked_at });
    return { value: key, acts: [{ event: "api_key.revoked", target: targetOf(key), changes }] };
  });
}
