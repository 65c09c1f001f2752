import "server-only";
import { AttemptLimit } from "@/lib/access/attempt-limit";
import { verifyPassword } from "@/lib/access/password";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";

const WINDOW_MS = 15 * 60_000;

/** Ten wrong ones a quarter of an hour: whoever finds an open session must not be able to guess on. */
const makeLimit = () => new AttemptLimit({ attemptsMax: 10, windowMs: WINDOW_MS, keysMax: 10_000, now: Date.now });
/** On globalThis: Next may load this module once per route bundle, and each would count for itself. */
const holder = globalThis as { affidavitOwnPasswordLimit?: AttemptLimit };

const wrong = () =>
  new AppError("invalid_request", {
    detail: "The current password is wrong.",
    errors: [{ pointer: "/current_password", message: "is not your password" }],
  });

/**
 * Makes sure that whoever asks knows the password of this person.
 * @returns the hash that it matched: a change compares it again, so that two at once do not both win
 * @throws AppError `invalid_request`, `rate_limited`; `conflict` where there is no password here
 */
export async function checkOwnPassword(userId: string, password: string): Promise<string> {
  holder.affidavitOwnPasswordLimit ??= makeLimit();
  const limit = holder.affidavitOwnPasswordLimit;
  if (!limit.take(userId)) {
    throw new AppError("rate_limited", {
      detail: "Too many wrong passwords. Try again in 15 minutes.",
      retryAfterSeconds: WINDOW_MS / 1000,
    });
  }
  const user = await prisma().user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  if (!user?.passwordHash) {
    throw new AppError("conflict", { detail: "You have no password here: you sign in elsewhere." });
  }
  if (!(await verifyPassword(user.passwordHash, password))) throw wrong();
  limit.giveBack(userId);
  return user.passwordHash;
}
