import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { hashPassword } from "@/lib/access/password";
import { insertApp } from "@/lib/apps/apps";
import type { FirstOwner, Setup } from "@/lib/contracts/sign-in";
import { INSTALLATION, mutation, type Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";

/** What came out of making an organization. */
export interface NewOrganization {
  orgId: string;
  userId: string;
  appId: string;
}

const digest = (token: string) => createHash("sha256").update(token, "utf8").digest();

/** Whether anybody can sign in already; then /setup is closed for good. */
export async function hasOwner(client: Pick<Transaction, "membership"> = prisma()): Promise<boolean> {
  return (await client.membership.findFirst({ where: { role: "owner" }, select: { id: true } })) !== null;
}

/**
 * The one-time token for /setup, to be printed on the terminal and shown nowhere else: 256 bits, of which the database
 * keeps the SHA-256. A new one replaces the one before. Undefined when there is an owner.
 */
export async function issueSetupToken(): Promise<string | undefined> {
  return mutation(INSTALLATION, async (tx) => {
    if (await hasOwner(tx)) return undefined;
    const token = randomBytes(32).toString("base64url");
    const tokenHash = new Uint8Array(digest(token));
    await tx.setupToken.upsert({
      where: { id: 1 },
      create: { tokenHash },
      update: { tokenHash, createdAt: new Date() },
    });
    return token;
  });
}

/** Makes an organization with its system log, its owner and its first app. For /setup and for demo data. */
export async function insertOrganization(
  tx: Transaction,
  owner: Omit<FirstOwner, "password"> & { passwordHash: string },
): Promise<NewOrganization> {
  const org = await tx.organization.create({ data: { name: owner.organization_name } });
  await tx.$executeRaw`select audit.create_log(${org.id}::uuid, null::uuid)`;
  const user = await tx.user.create({ data: { email: owner.email, passwordHash: owner.passwordHash } });
  await tx.membership.create({ data: { orgId: org.id, userId: user.id, role: "owner" } });
  const app = await insertApp(tx, org.id, owner.app_name);
  return { orgId: org.id, userId: user.id, appId: app.id };
}

/**
 * Uses up the one-time token and makes organization, owner and first app with it, all or nothing.
 * @throws AppError `forbidden` for a wrong or used token, `conflict` when there is an owner already
 */
export async function setUp(input: Setup): Promise<NewOrganization> {
  const { token, password, ...owner } = input;
  // Checked before the password is hashed, so that guesses cost no memory; the transaction below decides.
  await refuseUnlessOpen(prisma(), digest(token));
  const passwordHash = await hashPassword(password);
  return mutation(INSTALLATION, async (tx) => {
    await refuseUnlessOpen(tx, digest(token));
    // Deleting locks the row: of two requests with one token the second finds none.
    const { count } = await tx.setupToken.deleteMany({ where: { tokenHash: new Uint8Array(digest(token)) } });
    if (count !== 1) throw wrongToken();
    return insertOrganization(tx, { ...owner, passwordHash });
  });
}

const wrongToken = () =>
  new AppError("forbidden", {
    detail: "This setup token is wrong or was used. The current one is on the terminal where the server was started.",
    errors: [{ pointer: "/token", message: "is wrong or was used" }],
  });

async function refuseUnlessOpen(
  client: Pick<Transaction, "membership" | "setupToken">,
  tokenHash: Buffer,
): Promise<void> {
  if (await hasOwner(client)) {
    throw new AppError("conflict", {
      detail: "This installation has an owner already. Sign in, or ask the owner for an account.",
    });
  }
  const known = await client.setupToken.findFirst({
    where: { tokenHash: new Uint8Array(tokenHash) },
    select: { id: true },
  });
  if (!known) throw wrongToken();
}
