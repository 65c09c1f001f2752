import "server-only";
import { INSTALLATION, mutation } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { NOTHING_CHANGED } from "@/lib/system-audit/act";
import { personOfUser, toldIn, userTarget } from "@/lib/system-audit/people";
import type { RequestOrigin } from "./client-address";
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
