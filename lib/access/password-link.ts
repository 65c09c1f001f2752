import "server-only";
import { createHash, randomBytes } from "node:crypto";
import type { ChoosePassword } from "@/lib/contracts/account";
import { INSTALLATION, mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { HIDDEN } from "@/lib/log-kinds/system/masking";
import { personOfUser, toldIn, userTarget } from "@/lib/system-audit/people";
import type { RequestOrigin } from "./client-address";
import { hashPassword } from "./password";
import { endSessions } from "./session";

/** Long enough to be carried from the server's terminal to a person, short enough to be of no use when it is found later. */
export const PASSWORD_LINK_SECONDS = 3600;

const digest = (token: string) => new Uint8Array(createHash("sha256").update(token, "utf8").digest());

/**
 * A token with which that person can choose a password, once, within the hour: 256 bits, of which the database keeps the
 * SHA-256. A new one replaces the one before.
 */
export async function issuePasswordLink(tx: Transaction, userId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  // By the database's clock, as the check is.
  await tx.$executeRaw`
    insert into "PasswordLink" ("userId", "tokenHash", "expiresAt")
    values (${userId}::uuid, ${digest(token)}, now() + make_interval(secs => ${PASSWORD_LINK_SECONDS}))
    on conflict ("userId") do update
      set "tokenHash" = excluded."tokenHash", "createdAt" = now(), "expiresAt" = excluded."expiresAt"`;
  return token;
}

const spent = () =>
  new AppError("forbidden", {
    detail:
      "This link is wrong, was used, or is older than an hour. Whoever runs the server can make another with `npx affidavit user reset-password`.",
    errors: [{ pointer: "/token", message: "is wrong, was used or has expired" }],
  });

async function ownerOf(client: Pick<Transaction, "$queryRaw">, token: string): Promise<string> {
  const rows = await client.$queryRaw<{ userId: string }[]>`
    select "userId" from "PasswordLink" where "tokenHash" = ${digest(token)} and "expiresAt" > now()`;
  if (!rows[0]) throw spent();
  return rows[0].userId;
}

/**
 * Uses up a link: sets the password and ends every sign-in of that person.
 * @returns the e-mail address to sign in with
 * @throws AppError `forbidden` for a wrong, used or expired link
 */
export async function choosePassword(input: ChoosePassword, origin: RequestOrigin): Promise<{ email: string }> {
  // Looked at before the password is hashed, so that guesses cost no memory; the transaction below decides.
  await ownerOf(prisma(), input.token);
  const passwordHash = await hashPassword(input.password);
  return mutation(INSTALLATION, async (tx) => {
    const userId = await ownerOf(tx, input.token);
    // Deleting locks the row: of two requests with one token the second finds none.
    const { count } = await tx.passwordLink.deleteMany({ where: { tokenHash: digest(input.token) } });
    if (count !== 1) throw spent();
    const person = await personOfUser(tx, userId);
    if (!person) throw spent();
    const ended = await endSessions(tx, userId);
    await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    const { email } = person;
    const acts = toldIn(
      person,
      { ...origin, source: "portal", userId, email },
      {
        event: "password_link.used",
        target: userTarget(person),
        changes: [{ field: "password", old: HIDDEN, new: HIDDEN }],
        details: { sessions_ended: ended },
      },
    );
    return { value: { email }, acts };
  });
}
