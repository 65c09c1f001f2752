import "server-only";
import { timingSafeEqual } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { makeApiKey, parseApiKey } from "@/lib/access/api-key-format";
import { hashPassword, verifyPassword } from "@/lib/access/password";
import { SCOPES } from "@/lib/access/policy";
import { createdKey, SHOWN_OF_KEY, toApiKey } from "@/lib/api-keys/api-keys";
import { StartupError } from "@/lib/config/startup-error";
import { randomBase62 } from "@/lib/crypto/base62";
import { INSTALLATION, mutation } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import { HIDDEN } from "@/lib/log-kinds/system/masking";
import { foundingActs, insertOrganization } from "@/lib/organization/first-owner";

const ORGANIZATION = "Demo";
const APP = "Demo app";
const EMAIL = "admin@example.com";
const PASSWORD_CHARS = 20;

/** The shape of demo-credentials.json, on which scripts rely. */
const Written = z.object({
  url: z.string(),
  email: z.string(),
  password: z.string(),
  api_key: z.string(),
  org_id: z.string(),
  app_id: z.string(),
});
export type DemoCredentials = z.output<typeof Written>;

interface DemoOrganization {
  orgId: string;
  userId: string;
  appId: string;
  passwordHash: string | null;
}

function readCredentials(file: string): Partial<DemoCredentials> {
  try {
    const parsed = Written.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return parsed.success ? parsed.data : {};
  } catch (error) {
    // Absent, or damaged by hand: made anew. But what another user keeps from us must not be.
    if ((error as NodeJS.ErrnoException).code !== "EACCES") return {};
    throw new StartupError(`${file} belongs to another user: give it back, or delete it for new credentials.`);
  }
}

/** Whole or not at all: a script may read it at any moment. */
function writeCredentials(file: string, credentials: DemoCredentials): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}

/** Whether people use this installation for something of their own: demo data would only be in their way. */
export async function hasOtherOwner(): Promise<boolean> {
  const other = await prisma().membership.findFirst({
    where: { role: "owner", NOT: { user: { email: EMAIL } } },
    select: { id: true },
  });
  return other !== null;
}

async function findDemo(): Promise<DemoOrganization | undefined> {
  const membership = await prisma().membership.findFirst({
    where: { role: "owner", user: { email: EMAIL }, org: { name: ORGANIZATION } },
    select: {
      orgId: true,
      user: { select: { id: true, passwordHash: true } },
      org: { select: { apps: { where: { archivedAt: null }, orderBy: { createdAt: "asc" }, take: 1 } } },
    },
  });
  const app = membership?.org.apps[0];
  if (!membership || !app) return undefined;
  return {
    orgId: membership.orgId,
    userId: membership.user.id,
    appId: app.id,
    passwordHash: membership.user.passwordHash,
  };
}

async function makeDemo(password: string): Promise<DemoOrganization> {
  if (await prisma().user.findUnique({ where: { email: EMAIL }, select: { id: true } })) {
    throw new StartupError(
      `The demo organization cannot be made, since ${EMAIL} is taken by somebody else: start with AFFIDAVIT_DEMO=0.`,
    );
  }
  const passwordHash = await hashPassword(password);
  const owner = { organization_name: ORGANIZATION, app_name: APP, email: EMAIL, passwordHash };
  const made = await mutation(INSTALLATION, async (tx) => {
    const value = await insertOrganization(tx, owner);
    return { value, acts: foundingActs(value, owner, { source: "worker", isOwner: false }) };
  });
  return { ...made, passwordHash };
}

/** Whether a key from the file still opens all that the demo key is to open. */
async function keyWorks(text: string | undefined, orgId: string): Promise<boolean> {
  const parsed = parseApiKey(text ?? "");
  if (!parsed) return false;
  const row = await prisma().apiKey.findUnique({ where: { id: parsed.id } });
  if (!row || row.orgId !== orgId || !row.orgWide || row.revokedAt || (row.expiresAt && row.expiresAt < new Date()))
    return false;
  return timingSafeEqual(row.secretHash, parsed.secretHash) && SCOPES.every((scope) => row.scopes.includes(scope));
}

async function makeKey({ orgId, appId, userId }: DemoOrganization): Promise<string> {
  const { id, mode, secretHash, text } = makeApiKey("live");
  const data = { id, mode, name: "Demo key", orgId, appId, orgWide: true, scopes: [...SCOPES] };
  await mutation(INSTALLATION, async (tx) => {
    const secret = { secretHash: new Uint8Array(secretHash), createdByUserId: userId };
    const made = await tx.apiKey.create({ data: { ...data, ...secret }, select: SHOWN_OF_KEY });
    return { value: undefined, acts: [{ ...createdKey(toApiKey(made)), by: { orgId, source: "worker" } }] };
  });
  return text;
}

/** The password of the file; a new one when there is none there, as nobody could know the old. One changed in the portal stays. */
async function ensurePassword(demo: DemoOrganization, known: string | undefined): Promise<string> {
  if (known !== undefined) return known;
  const password = randomBase62(PASSWORD_CHARS);
  const passwordHash = await hashPassword(password);
  await mutation(INSTALLATION, async (tx) => {
    await tx.user.update({ where: { id: demo.userId }, data: { passwordHash } });
    const target = { type: "user", id: demo.userId, name: EMAIL };
    const changes = [{ field: "password", old: HIDDEN, new: HIDDEN }];
    const by = { orgId: demo.orgId, source: "worker" } as const;
    return { value: undefined, acts: [{ by, event: "password.reset", target, changes }] };
  });
  return password;
}

/**
 * Makes the demo organization with its owner, app and key where they are missing, and writes demo-credentials.json.
 * Running it again changes nothing that works.
 * @returns the credentials, and whether the password in them is still the one that opens
 * @throws StartupError when the demo's e-mail address belongs to somebody else
 */
export async function ensureDemo(dataDir: string, url: string): Promise<DemoCredentials & { passwordWorks: boolean }> {
  const file = path.join(dataDir, "demo-credentials.json");
  const known = readCredentials(file);
  const found = await findDemo();
  const password = found ? await ensurePassword(found, known.password) : randomBase62(PASSWORD_CHARS);
  const demo = found ?? (await makeDemo(password));
  const apiKey = known.api_key && (await keyWorks(known.api_key, demo.orgId)) ? known.api_key : await makeKey(demo);
  const credentials = { url, email: EMAIL, password, api_key: apiKey, org_id: demo.orgId, app_id: demo.appId };
  if (!isDeepStrictEqual(known, credentials)) writeCredentials(file, credentials);
  const current = found && known.password !== undefined ? found.passwordHash : null;
  return { ...credentials, passwordWorks: current === null || (await verifyPassword(current, password)) };
}
