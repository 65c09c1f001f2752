import "server-only";
import { INSTALLATION, mutation } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { logger } from "@/lib/observability/logger";
import { NOTHING_CHANGED } from "@/lib/system-audit/act";
import { personOfUser, toldIn, userTarget } from "@/lib/system-audit/people";
import { record } from "@/lib/system-audit/record";
import type { RequestOrigin } from "./client-address";
import { type Refusal, RefusalWindows } from "./refusal-windows";
import { openSession, sessionIdOf } from "./session";

/** What signing in and out leaves behind: the session and its row in the system log, as one. */

/** @returns the id of the new session; undefined for somebody who belongs to no organization */
export async function signIn(userId: string, origin: RequestOrigin): Promise<string | undefined> {
  return mutation(INSTALLATION, async (tx) => {
    const person = await personOfUser(tx, userId);
    if (!person) return { value: undefined, acts: NOTHING_CHANGED };
    const sessionId = await openSession(tx, userId, origin);
    const author = { ...origin, source: "portal", userId, email: person.email } as const;
    const act = {
      event: "sign_in.succeeded",
      target: userTarget(person),
      details: { session_id: sessionId },
    } as const;
    return { value: sessionId, acts: toldIn(person, author, act) };
  });
}

/**
 * Ends the session of a `Cookie` header at once, for every process: the next request with it is not signed in. Without a
 * session nothing happens.
 */
export async function signOut(cookieHeader: string | null, origin: RequestOrigin): Promise<void> {
  const sessionId = await sessionIdOf(cookieHeader);
  const known =
    sessionId && (await prisma().session.findUnique({ where: { id: sessionId }, select: { userId: true } }));
  if (!sessionId || !known) return;
  const { userId } = known;
  await mutation(INSTALLATION, async (tx) => {
    const person = await personOfUser(tx, userId);
    const ended = await tx.$executeRaw`
      update "Session" set "revokedAt" = now() where id = ${sessionId}::uuid and "revokedAt" is null`;
    if (ended === 0 || !person) return { value: undefined, acts: NOTHING_CHANGED };
    const author = { ...origin, source: "portal", userId, email: person.email } as const;
    const act = { event: "sign_out.done", target: userTarget(person), details: { session_id: sessionId } } as const;
    return { value: undefined, acts: toldIn(person, author, act) };
  });
}

/** Whose logs tell of attempts on this name. Where nobody has it and there are several organizations, it is nobody's. */
async function logsFor(email: string): Promise<{ userId: string | null; orgIds: string[] }> {
  const user = await prisma().user.findUnique({
    where: { email },
    select: { id: true, memberships: { select: { orgId: true } } },
  });
  if (user && user.memberships.length > 0)
    return { userId: user.id, orgIds: user.memberships.map(({ orgId }) => orgId) };
  const [only, second] = await prisma().organization.findMany({ select: { id: true }, take: 2 });
  return { userId: null, orgIds: only && !second ? [only.id] : [] };
}

/** Where it cannot be known, the attempt is counted among those on unknown names. */
async function isKnown(email: string): Promise<boolean> {
  const count = prisma().user.count({ where: { email, memberships: { some: {} } } });
  return (await count.catch(() => 0)) > 0;
}

async function tellRefusals({ email, clientIp, userAgent }: Refusal, attempts: number): Promise<void> {
  const { userId, orgIds } = await logsFor(email);
  const target = { type: "user", id: userId, name: email || null };
  for (const orgId of orgIds) {
    // Nobody has shown to be that person, so the actor is left open.
    const by = { orgId, source: "portal", clientIp, userAgent } as const;
    await record({ by, event: "sign_in.failed", target, outcome: "failure", details: { attempts } });
  }
}

const MINUTE_MS = 60_000;
/** Each costs at most a row a minute. */
const WINDOWS_MAX = 1_000;
/** On globalThis: Next may load this module once per route bundle, and each would count for itself. */
const holder = globalThis as { affidavitRefusals?: RefusalWindows };

/**
 * Tells that somebody was not let in: at most one row a minute for each name and address, with how many attempts it stands
 * for; in a flood, for each name that somebody has and for all others together. Nobody waits for it, so that the time of the answer tells nothing.
 */
export function refusedSignIn(refusal: Refusal): void {
  holder.affidavitRefusals ??= new RefusalWindows({
    windowMs: MINUTE_MS,
    windowsMax: WINDOWS_MAX,
    isKnown,
    tell: (one, attempts) =>
      void tellRefusals(one, attempts).catch((err: unknown) =>
        logger().warn({ err, attempts }, "Refused sign-ins could not be recorded."),
      ),
  });
  holder.affidavitRefusals.add(refusal);
}
