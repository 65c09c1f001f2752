import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import type { Subject } from "@/lib/access/granted";
import type { Role } from "@/lib/access/policy";
import { findSessionSubject, nextAuthSecret, openSession } from "@/lib/access/session";
import { sessionCookieName } from "@/lib/access/session-cookie";
import { arrange } from "./arrange";

export interface SignedIn {
  userId: string;
  membershipId: string;
  sessionId: string;
  /** What the browser would send as `Cookie`. */
  cookie: string;
}

/** Where tests ask from. */
export const ORIGIN = { clientIp: "192.0.2.1", userAgent: "test" };

/** A person with that role, and a session. `appIds`: the "own apps" of a developer or member. */
export async function signInAs(person: { orgId: string; role: Role; appIds?: readonly string[] }): Promise<SignedIn> {
  const { userId, membershipId } = await arrange(async (tx) => {
    const user = await tx.user.create({ data: { email: `${randomUUID()}@example.com` } });
    const membership = await tx.membership.create({
      data: { orgId: person.orgId, userId: user.id, role: person.role },
    });
    for (const appId of person.appIds ?? [])
      await tx.appMember.create({ data: { appId, membershipId: membership.id } });
    return { userId: user.id, membershipId: membership.id };
  });
  const sessionId = await arrange((tx) => openSession(tx, userId, ORIGIN));
  return { userId, membershipId, sessionId, cookie: await cookieOf(sessionId) };
}

/** The cookie that a sign-in would have set for a session. */
export async function cookieOf(sid: string, options: { secret?: string; maxAge?: number } = {}): Promise<string> {
  const { secret = nextAuthSecret(), maxAge = 3_600 } = options;
  return `${sessionCookieName()}=${await encode({ token: { sid }, secret, maxAge })}`;
}

/** What the door makes of that person's next request. */
export async function subjectOf(person: Pick<SignedIn, "cookie">): Promise<Subject> {
  const subject = await findSessionSubject({ cookie: person.cookie, ...ORIGIN });
  if (!subject) throw new Error("not signed in");
  return subject;
}
