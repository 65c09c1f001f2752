import "server-only";
import type { Granted } from "@/lib/access/granted";
import { endSessions, liveSessions } from "@/lib/access/session";
import type { OpenSession, RevokeSession } from "@/lib/contracts/account";
import { fromDatabase } from "@/lib/db/errors";
import { mutation } from "@/lib/db/mutation";
import { AppError } from "@/lib/errors/app-error";
import { formatMicros } from "@/lib/log-kinds/time";
import { NOTHING_CHANGED } from "@/lib/system-audit/act";
import { userTarget } from "@/lib/system-audit/people";
import { personOf } from "./account";

type Person = Granted<"account:manage">;

const time = (date: Date) => formatMicros(date.getTime() * 1000);

/** One's own open sign-ins: this one first, then the last seen. Ended, expired and idle ones are not there. */
export async function listSessions(ctx: Person): Promise<OpenSession[]> {
  const { userId, sessionId } = personOf(ctx);
  try {
    const rows = await liveSessions(userId);
    return rows
      .map((row) => ({
        id: row.id,
        created_at: time(row.createdAt),
        last_seen_at: time(row.lastSeenAt),
        expires_at: time(row.expiresAt),
        client_ip: row.clientIp,
        user_agent: row.userAgent,
        current: row.id === sessionId,
      }))
      .sort((one, other) => Number(other.current) - Number(one.current));
  } catch (error) {
    throw fromDatabase(error);
  }
}

/**
 * Ends one of one's own sign-ins; the next request with it is not signed in. Ending it twice changes nothing.
 * @throws AppError `not_found` for anybody else's
 */
export async function endSession(ctx: Person, { id }: RevokeSession): Promise<void> {
  const person = personOf(ctx);
  const { userId } = person;
  await mutation(ctx, async (tx) => {
    const known = await tx.session.findFirst({ where: { id, userId }, select: { id: true } });
    if (!known) throw new AppError("not_found", { detail: "You have no session with that id." });
    const count = await tx.$executeRaw`
      update "Session" set "revokedAt" = now() where id = ${id}::uuid and "revokedAt" is null`;
    if (count === 0) return { value: undefined, acts: NOTHING_CHANGED };
    return {
      value: undefined,
      acts: [{ event: "session.ended", target: { type: "session", id, name: person.email } }],
    };
  });
}

/** Ends every sign-in of this person, this one too. @returns how many there were */
export async function signOutEverywhere(ctx: Person): Promise<{ ended: number }> {
  const person = personOf(ctx);
  return mutation(ctx, async (tx) => {
    const ended = await endSessions(tx, person.userId);
    if (ended === 0) return { value: { ended }, acts: NOTHING_CHANGED };
    return {
      value: { ended },
      acts: [{ event: "session.all_ended", target: userTarget(person), details: { sessions_ended: ended } }],
    };
  });
}
