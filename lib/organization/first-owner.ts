import "server-only";
import { createHash, randomBytes } from "node:crypto";
import type { RequestOrigin } from "@/lib/access/client-address";
import { hashPassword } from "@/lib/access/password";
import { insertApp } from "@/lib/apps/apps";
import type { FirstOwner, Setup } from "@/lib/contracts/sign-in";
import { keepSetupToken } from "@/lib/db/bookkeeping";
import { INSTALLATION, mutation, type Transaction } from "@/lib/db/mutation";
import { prisma, type Reader } from "@/lib/db/prisma";
import { AppError } from "@/lib/errors/app-error";
import { HIDDEN } from "@/lib/log-kinds/system/masking";
import type { Author, SignedAct } from "@/lib/system-audit/act";

/** What came out of making an organization. */
export interface NewOrganization {
  orgId: string;
  userId: string;
  appId: string;
}

const digest = (token: string) => createHash("sha256").update(token, "utf8").digest();

/** Whether anybody can sign in already; then /setup is closed for good. */
export async function hasOwner(client: Pick<Reader, "membership"> = prisma()): Promise<boolean> {
  return (await client.membership.findFirst({ where: { role: "owner" }, select: { id: true } })) !== null;
}

/**
 * The one-time token for /setup, to be printed on the terminal and shown nowhere else: 256 bits, of which the database
 * keeps the SHA-256. A new one replaces the one before. Undefined when there is an owner.
 */
export async function issueSetupToken(): Promise<string | undefined> {
  if (await hasOwner()) return undefined;
  const token = randomBytes(32).toString("base64url");
  await keepSetupToken(new Uint8Array(digest(token)));
  return token;
}

export type NewOwner = Omit<FirstOwner, "password"> & { passwordHash: string };

/** Makes an organization with its system log, its owner and its first app. For /setup and for demo data. */
export async function insertOrganization(tx: Transaction, owner: NewOwner): Promise<NewOrganization> {
  const org = await tx.organization.create({ data: { name: owner.organization_name } });
  await tx.$executeRaw`select audit.create_log(${org.id}::uuid, null::uuid)`;
  const user = await tx.user.create({ data: { email: owner.email, passwordHash: owner.passwordHash } });
  await tx.membership.create({ data: { orgId: org.id, userId: user.id, role: "owner" } });
  const app = await insertApp(tx, org.id, owner.app_name);
  return { orgId: org.id, userId: user.id, appId: app.id };
}

/** Where the wish for an organization came from. Its owner is who does it, where there is a person at all. */
export type Founder = Pick<Author, "source" | "clientIp" | "userAgent"> & { isOwner: boolean };

/** What making an organization is told as: the first rows of its system log. */
export function foundingActs(
  { orgId, userId, appId }: NewOrganization,
  owner: NewOwner,
  { isOwner, ...origin }: Founder,
): [SignedAct, ...SignedAct[]] {
  const by: Author = { ...origin, orgId, ...(isOwner && { userId, email: owner.email }) };
  const password = { field: "password", old: null, new: HIDDEN };
  return [
    {
      by,
      event: "organization.created",
      target: { type: "organization", id: orgId, name: owner.organization_name },
      changes: [{ field: "name", old: null, new: owner.organization_name }],
    },
    {
      by,
      event: "member.added",
      target: { type: "user", id: userId, name: owner.email },
      changes: [{ field: "role", old: null, new: "owner" }, password],
    },
    {
      by,
      event: "app.created",
      target: { type: "app", id: appId, name: owner.app_name },
      changes: [{ field: "name", old: null, new: owner.app_name }],
    },
  ];
}

/**
 * Uses up the one-time token and makes organization, owner and first app with it, all or nothing.
 * @throws AppError `forbidden` for a wrong or used token, `conflict` when there is an owner already
 */
export async function setUp(input: Setup, origin: RequestOrigin): Promise<NewOrganization> {
  const { token, password, ...owner } = input;
  // Checked before the password is hashed, so that guesses cost no memory; the transaction below decides.
  await refuseUnlessOpen(prisma(), digest(token));
  const passwordHash = await hashPassword(password);
  return mutation(INSTALLATION, async (tx) => {
    await refuseUnlessOpen(tx, digest(token));
    // Deleting locks the row: of two requests with one token the second finds none.
    const { count } = await tx.setupToken.deleteMany({ where: { tokenHash: new Uint8Array(digest(token)) } });
    if (count !== 1) throw wrongToken();
    const made = await insertOrganization(tx, { ...owner, passwordHash });
    const founder: Founder = { ...origin, source: "portal", isOwner: true };
    return { value: made, acts: foundingActs(made, { ...owner, passwordHash }, founder) };
  });
}

const wrongToken = () =>
  new AppError("forbidden", {
    detail: "This setup token is wrong or was used. The current one is on the terminal where the server was started.",
    errors: [{ pointer: "/token", message: "is wrong or was used" }],
  });

async function refuseUnlessOpen(client: Pick<Reader, "membership" | "setupToken">, tokenHash: Buffer): Promise<void> {
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
