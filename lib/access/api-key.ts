import "server-only";
import { hash, timingSafeEqual } from "node:crypto";
import { touchApiKey } from "@/lib/db/bookkeeping";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { keyPrefix, parseApiKey } from "./api-key-format";
import type { Subject } from "./granted";
import { isPermission, type Permission } from "./policy";

interface KeyRow {
  id: string;
  mode: string;
  orgId: string;
  appId: string;
  orgWide: boolean;
  scopes: string[];
  secretHash: Buffer;
  createdByUserId: string | null;
  createdByEmail: string | null;
  live: boolean;
  appIds: string[];
}

/** A revoked key stops within this time in every process, ms; without it every single event would ask the control plane. */
const CACHE_MS = 1_000;
const CACHE_MAX = 1_000;
async function loadKey(id: string): Promise<KeyRow | undefined> {
  const rows = await prisma().$queryRaw<KeyRow[]>`
    select k.id, k.mode, k."orgId", k."appId", k."orgWide", k.scopes, k."secretHash", k."createdByUserId",
           (select u.email from "User" u where u.id = k."createdByUserId") as "createdByEmail",
           k."revokedAt" is null and (k."expiresAt" is null or k."expiresAt" > now()) as live,
           array(select a.id from "App" a where a."orgId" = k."orgId" and a."archivedAt" is null
                 and (k."orgWide" or a.id = k."appId") order by a."createdAt", a.id) as "appIds"
    from "ApiKey" k where k.id = ${id}`;
  const [row] = rows;
  if (row?.live) await touchApiKey(id);
  return row && { ...row, secretHash: Buffer.from(row.secretHash) };
}

const DUMMY_HASH = Buffer.alloc(32);
const refused = () =>
  new AppError(
    "unauthenticated",
    "This API key is not valid: it is mistyped, unknown, expired or revoked. Make one under Settings → API keys.",
  );

/** Subjects of keys that were checked a moment ago, by the SHA-256 of the whole key: no key text is kept or compared. */
const checked = new Map<string, { until: number; subject: Promise<KeySubject> }>();

type KeySubject = Omit<Subject, "clientIp" | "userAgent">;

async function checkKey(text: string): Promise<KeySubject> {
  const parsed = parseApiKey(text);
  if (!parsed) throw refused();
  const row = await loadKey(parsed.id);
  // One comparison also for unknown ids, so that timing tells nothing.
  const same = timingSafeEqual(parsed.secretHash, row?.secretHash ?? DUMMY_HASH);
  if (!row || !same || !row.live || row.mode !== parsed.mode) throw refused();
  return {
    orgId: row.orgId,
    actor: {
      type: "key",
      keyId: row.id,
      keyPrefix: keyPrefix(row),
      createdByUserId: row.createdByUserId,
      createdByEmail: row.createdByEmail,
    },
    appIds: row.appIds,
    homeAppId: row.appIds.includes(row.appId) ? row.appId : undefined,
    permissions: new Set(row.scopes.filter((scope): scope is Permission => isPermission(scope))),
    seesWholeOrganization: row.orgWide,
    seesHeavyFields: true,
  };
}

/**
 * Who a `Authorization: Bearer afd_…` header is.
 * @throws AppError 401, the same for unknown, wrong, expired and revoked keys
 */
export async function findKeySubject(text: string, origin: { clientIp: string; userAgent: string }): Promise<Subject> {
  const digest = hash("sha256", text, "base64");
  const now = performance.now();
  let known = checked.get(digest);
  if (!known || known.until <= now) {
    if (checked.size >= CACHE_MAX) checked.clear();
    known = { until: now + CACHE_MS, subject: checkKey(text) };
    checked.set(digest, known);
    known.subject.catch(() => checked.delete(digest));
  }
  return { ...(await known.subject), ...origin };
}

/** After an act on apps or keys: this process looks every key up anew, so that whoever acted can go on at once. */
export function forgetKeySubjects(): void {
  checked.clear();
}
