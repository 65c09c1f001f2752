import "server-only";
import { randomUUID } from "node:crypto";
import { decode } from "next-auth/jwt";
import { deriveKey } from "@/lib/crypto/secrets";
import { touchSession } from "@/lib/db/bookkeeping";
import type { Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import type { RequestOrigin } from "./client-address";
import type { Subject } from "./granted";
import { isRole, PERMISSIONS, roleAllows, seesOwnAppsOnly } from "./policy";
import { sessionCookieName } from "./session-cookie";

/** Absolute life of a sign-in. The cookie's JWT expires with it. */
export const SESSION_SECONDS_MAX = 8 * 3600;
/** Without a request for so long, a session is over. */
const SESSION_SECONDS_IDLE = 30 * 60;
const USER_AGENT_CHARS_MAX = 512;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Key material of next-auth: the cookie's JWT and the CSRF token. */
export function nextAuthSecret(): string {
  return deriveKey("next-auth").toString("base64url");
}

/** Makes the row of a new sign-in and returns its id, the only thing that the cookie carries. */
export async function openSession(tx: Transaction, userId: string, origin: RequestOrigin): Promise<string> {
  const id = randomUUID();
  // By the database's clock, as every later check of these times is.
  await tx.$executeRaw`
    insert into "Session" (id, "userId", "expiresAt", "clientIp", "userAgent")
    values (${id}::uuid, ${userId}::uuid, now() + make_interval(secs => ${SESSION_SECONDS_MAX}),
            ${origin.clientIp}, ${origin.userAgent.slice(0, USER_AGENT_CHARS_MAX)})`;
  return id;
}

/**
 * Ends every sign-in of a person for every process, but for one if it is named.
 * @returns how many could still have been used
 */
export function endSessions(tx: Transaction, userId: string, except?: string): Promise<number> {
  return tx.$executeRaw`
    update "Session" set "revokedAt" = now()
    where "userId" = ${userId}::uuid and "revokedAt" is null and "expiresAt" > now()
      and "lastSeenAt" > now() - make_interval(secs => ${SESSION_SECONDS_IDLE})
      and id is distinct from ${except ?? null}::uuid`;
}

interface LiveSession {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  clientIp: string | null;
  userAgent: string | null;
}

/** Most that one person is shown; each is a sign-in of the last eight hours. */
const LIVE_SESSIONS_MAX = 200;

/** The sessions of a person that a request could use now, the last seen first. */
export function liveSessions(userId: string): Promise<LiveSession[]> {
  return prisma().$queryRaw<LiveSession[]>`
    select id, "createdAt", "lastSeenAt", "expiresAt", "clientIp", "userAgent" from "Session"
    where "userId" = ${userId}::uuid and "revokedAt" is null and "expiresAt" > now()
      and "lastSeenAt" > now() - make_interval(secs => ${SESSION_SECONDS_IDLE})
    order by "lastSeenAt" desc, "createdAt" desc, id limit ${LIVE_SESSIONS_MAX}`;
}

interface SessionRow {
  userId: string;
  email: string;
  orgId: string;
  role: string;
  allAppIds: string[];
  ownAppIds: string[];
  touch: boolean;
}

/** Revoked, expired and idle sessions are simply not found. Role and apps are read each time, so a change acts at once. */
async function findLiveSession(sessionId: string): Promise<SessionRow | undefined> {
  const rows = await prisma().$queryRaw<SessionRow[]>`
    select s."userId", u.email, m."orgId", m.role, s."lastSeenAt" < now() - interval '1 minute' as touch,
           array(select a.id from "App" a where a."orgId" = m."orgId" and a."archivedAt" is null
                 order by a."createdAt", a.id) as "allAppIds",
           array(select a.id from "AppMember" am join "App" a on a.id = am."appId"
                 where am."membershipId" = m.id and a."orgId" = m."orgId" and a."archivedAt" is null
                 order by a."createdAt", a.id) as "ownAppIds"
    from "Session" s
    join "User" u on u.id = s."userId"
    join lateral (select * from "Membership" where "userId" = u.id order by "createdAt", id limit 1) m on true
    where s.id = ${sessionId}::uuid and s."revokedAt" is null and s."expiresAt" > now()
      and s."lastSeenAt" > now() - make_interval(secs => ${SESSION_SECONDS_IDLE})`;
  return rows[0];
}

/** The `sid` of a session cookie that we made and that has not expired; anything else is undefined. */
export async function sessionIdOf(cookieHeader: string | null): Promise<string | undefined> {
  const token = cookieValue(cookieHeader, sessionCookieName());
  if (!token) return undefined;
  try {
    const payload = await decode({ token, secret: nextAuthSecret() });
    const sid = payload?.sid;
    return typeof sid === "string" && UUID.test(sid) ? sid : undefined;
  } catch {
    return undefined; // Altered, expired or from another installation: the same as no cookie.
  }
}

/** The value of one cookie of a `Cookie` header. */
function cookieValue(header: string | null, name: string): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const equals = part.indexOf("=");
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/**
 * Who a request with the portal's cookie is, looked up in the Session table each time. Undefined where there is no live
 * session. The API's door and the portal's pages both call this.
 * @param isRequest false: an answer that lasts asks whether it may go on, which is no sign of life and keeps no session open
 */
export async function findSessionSubject(
  request: { cookie: string | null } & RequestOrigin,
  isRequest = true,
): Promise<Subject | undefined> {
  const sessionId = await sessionIdOf(request.cookie);
  const row = sessionId ? await findLiveSession(sessionId) : undefined;
  if (!sessionId || !row || !isRole(row.role)) return undefined;
  const { userId, email, orgId, role } = row;
  if (row.touch && isRequest) await touchSession(sessionId);
  const appIds = seesOwnAppsOnly(role) ? row.ownAppIds : row.allAppIds;
  return {
    orgId,
    actor: { type: "user", userId, email, role, sessionId },
    appIds,
    homeAppId: appIds[0],
    permissions: new Set(PERMISSIONS.filter((permission) => roleAllows(role, permission))),
    seesWholeOrganization: !seesOwnAppsOnly(role),
    seesHeavyFields: roleAllows(role, "events:read_bodies"),
    clientIp: request.clientIp,
    userAgent: request.userAgent,
  };
}
