import "server-only";
import type { Granted } from "@/lib/access/granted";
import { hashPassword } from "@/lib/access/password";
import { endSessions } from "@/lib/access/session";
import type { Account, ChangeEmail, ChangePassword, RenameAccount } from "@/lib/contracts/account";
import { fromDatabase } from "@/lib/db/errors";
import { mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { HIDDEN } from "@/lib/log-kinds/system/masking";
import { changesOf, NOTHING_CHANGED } from "@/lib/system-audit/act";
import { userTarget } from "@/lib/system-audit/people";
import { checkOwnPassword } from "./own-password";

type Person = Granted<"account:manage">;

/** Who acts. A key has no account. @throws AppError `forbidden` */
export function personOf({ actor }: Person) {
  if (actor.type === "user") return actor;
  throw new AppError("forbidden", { detail: "An API key has no account. Sign in to the portal." });
}

/** The signed-in person. */
export async function getAccount(ctx: Person): Promise<Account> {
  const { userId, role } = personOf(ctx);
  try {
    const user = await prisma().user.findUniqueOrThrow({
      where: { id: userId },
      select: { name: true, email: true, passwordHash: true },
    });
    return { name: user.name, email: user.email, role, has_password: user.passwordHash !== null };
  } catch (error) {
    throw fromDatabase(error);
  }
}

/** A person as they are now; whoever else would change them waits, so that "old" in the act is true. */
async function lockUser(tx: Transaction, userId: string): Promise<{ name: string | null; email: string }> {
  const rows = await tx.$queryRaw<{ name: string | null; email: string }[]>`
    select name, email from "User" where id = ${userId}::uuid for no key update`;
  if (!rows[0]) throw new AppError("not_found", { detail: "Your account no longer exists." });
  return rows[0];
}

/** Sets or clears one's own name. */
export async function renameAccount(ctx: Person, input: RenameAccount): Promise<{ name: string | null }> {
  const person = personOf(ctx);
  return mutation(ctx, async (tx) => {
    const before = await lockUser(tx, person.userId);
    const changes = changesOf({ name: before.name }, { name: input.name });
    if (changes.length === 0) return { value: { name: before.name }, acts: NOTHING_CHANGED };
    const data = { name: input.name };
    const value = await tx.user.update({ where: { id: person.userId }, data, select: { name: true } });
    return { value, acts: [{ event: "account.renamed", target: userTarget(person), changes }] };
  });
}

/**
 * Changes the name that one signs in with. One-time links to a new password, made for the old address, end with it.
 * @throws AppError `conflict` where somebody has that address; as checkOwnPassword
 */
export async function changeEmail(ctx: Person, input: ChangeEmail): Promise<{ email: string }> {
  const person = personOf(ctx);
  const { userId } = person;
  await checkOwnPassword(userId, input.current_password);
  const taken = new AppError("conflict", {
    detail: "Somebody signs in with this e-mail address already.",
    errors: [{ pointer: "/email", message: "is taken" }],
  });
  return mutation(ctx, async (tx) => {
    const other = await tx.user.findUnique({ where: { email: input.email }, select: { id: true } });
    if (other && other.id !== userId) throw taken;
    const before = await lockUser(tx, userId);
    const changes = changesOf({ email: before.email }, { email: input.email });
    if (changes.length === 0) return { value: { email: before.email }, acts: NOTHING_CHANGED };
    await tx.passwordLink.deleteMany({ where: { userId } });
    const data = { email: input.email };
    const value = await tx.user.update({ where: { id: userId }, data, select: { email: true } });
    return { value, acts: [{ event: "account.email_changed", target: userTarget(person), changes }] };
  });
}

/**
 * Sets another password and ends every other sign-in of this person: whoever knew the old one is out. API keys go on.
 * @returns how many other sign-ins were ended
 * @throws AppError `invalid_request`, `conflict` when it was changed elsewhere at the same time; as checkOwnPassword
 */
export async function changePassword(ctx: Person, input: ChangePassword): Promise<{ ended: number }> {
  const person = personOf(ctx);
  const { userId, sessionId } = person;
  const before = await checkOwnPassword(userId, input.current_password);
  if (input.new_password === input.current_password) {
    throw new AppError("invalid_request", {
      detail: "The new password is the current one.",
      errors: [{ pointer: "/new_password", message: "must be another than the current one" }],
    });
  }
  const passwordHash = await hashPassword(input.new_password);
  return mutation(ctx, async (tx) => {
    const { count } = await tx.user.updateMany({ where: { id: userId, passwordHash: before }, data: { passwordHash } });
    if (count !== 1) {
      throw new AppError("conflict", { detail: "Your password was changed elsewhere at the same time. Sign in anew." });
    }
    await tx.passwordLink.deleteMany({ where: { userId } });
    const ended = await endSessions(tx, userId, sessionId);
    return {
      value: { ended },
      acts: [
        {
          event: "account.password_changed",
          target: userTarget(person),
          changes: [{ field: "password", old: HIDDEN, new: HIDDEN }],
          details: { sessions_ended: ended },
        },
      ],
    };
  });
}
