import "./dotenv";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Env, parseEnv } from "@/lib/config/env";
import { StartupError } from "@/lib/config/startup-error";
import { email as Email } from "@/lib/contracts/sign-in";
import { assertMigrated } from "@/lib/db/migrate";
import { connectPatiently } from "@/lib/db/preflight";
import { ensurePrismaClient } from "../scripts/generate-prisma";
import { findHolder } from "./process-lock";
import { explain } from "./terminal";

/**
 * `affidavit user reset-password|add-owner <e-mail>`: for whoever has the machine and cannot get in any more. Arguments: the
 * act, the e-mail address, the organization where it is needed. Never a password: arguments are seen by every user of the
 * machine.
 */
const WAIT_MS = 5_000;

interface Found {
  databaseUrl: string;
  /** Where people reach the portal. */
  origin: string;
}

function readUrlFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StartupError(`${file} cannot be read: run this as the user that runs Affidavit.`);
  }
}

/** One's own database by DATABASE_URL, else the embedded one of the Affidavit that runs on the data folder. */
async function findDatabase(values: Env): Promise<Found> {
  if (values.DATABASE_URL) return { databaseUrl: values.DATABASE_URL, origin: values.publicUrl };
  const embedded = readUrlFile(path.join(values.dataDir, "postgres-url"));
  const holder = embedded ? await findHolder(path.join(values.dataDir, "running.json")) : undefined;
  if (embedded && holder) {
    return {
      databaseUrl: embedded,
      origin: values.AFFIDAVIT_URL ? values.publicUrl : (holder.url ?? values.publicUrl),
    };
  }
  throw new StartupError(
    `Affidavit does not run on ${values.dataDir}, and its database with it: start it with npm start, then run this again. ` +
      "For another data folder set AFFIDAVIT_DATA_DIR; for your own PostgreSQL set DATABASE_URL.",
  );
}

function linkLines(origin: string, email: string, token: string): string[] {
  return [
    "A password is chosen with this link, once, within the hour:",
    "",
    `  ${origin}/sign-in/new-password#token=${token}&email=${encodeURIComponent(email)}`,
    "",
    "It is printed this once. Whoever opens it first chooses the password.",
  ];
}

async function reset(email: string, origin: string): Promise<string[]> {
  const { resetPassword } = await import("@/lib/organization/host-users");
  const { token, ended } = await resetPassword(email);
  return [
    `The password of ${email} opens no more; ${ended === 1 ? "1 sign-in was" : `${ended} sign-ins were`} ended.`,
    "API keys go on: revoke those that may be known under Settings → API keys.",
    ...linkLines(origin, email, token),
  ];
}

async function add(email: string, origin: string, organization: string | undefined): Promise<string[]> {
  const { addOwner } = await import("@/lib/organization/host-users");
  const added = await addOwner(email, organization);
  const said = {
    made: `${email} is an owner of ${added.organization}.`,
    promoted: `${email} was in ${added.organization} and is an owner of it from now on.`,
    already: `${email} is an owner of ${added.organization} already.`,
  }[added.how];
  if (added.token) return [said, ...linkLines(origin, email, added.token)];
  return [said, `The password stays as it is. Forgotten? npx affidavit user reset-password ${email}`];
}

async function run([act, address, organization]: string[]): Promise<string[]> {
  const email = Email.safeParse(address);
  if (!email.success) throw new StartupError(`“${address ?? ""}” is not an e-mail address.`);
  const { databaseUrl, origin } = await findDatabase(parseEnv(process.env));
  await (await connectPatiently(databaseUrl, WAIT_MS)).end();
  await assertMigrated(databaseUrl);
  process.env.DATABASE_URL = databaseUrl;
  ensurePrismaClient();
  const { closePrisma } = await import("@/lib/db/prisma");
  try {
    if (act === "reset-password") return await reset(email.data, origin);
    if (act === "add-owner") return await add(email.data, origin, organization);
    throw new StartupError(`There is no act “${act ?? ""}”.`);
  } finally {
    await closePrisma();
  }
}

try {
  console.log((await run(process.argv.slice(2))).join("\n"));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
