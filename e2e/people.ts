import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { hash } from "@node-rs/argon2";
import pg from "pg";

/** People whom nobody can invite yet: inserted into the demo server's database, as its own postgres-url opens it. */
export interface Person {
  email: string;
  password: string;
}

const PASSWORD = "correct horse battery staple";
/** Cheap: this password is a test's. */
const COST = { memoryCost: 8_192, timeCost: 1, parallelism: 1 };

async function inDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = readFileSync(path.join(process.env.AFFIDAVIT_E2E_DATA ?? "", "postgres-url"), "utf8").trim();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // What a test begins with is nobody's act.
  await client.query("set affidavit.untold = 'on'");
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

interface Wish {
  orgId: string;
  role: string;
  /** The "own apps" of a developer or member. */
  appIds?: readonly string[];
}

/** A person with that role who can sign in. */
export async function makePerson({ orgId, role, appIds = [] }: Wish): Promise<Person> {
  const [userId, membershipId, email] = [randomUUID(), randomUUID(), `${role}-${randomUUID().slice(0, 8)}@example.com`];
  const passwordHash = await hash(PASSWORD, COST);
  await inDatabase(async (client) => {
    await client.query(`insert into "User" (id, email, "passwordHash") values ($1, $2, $3)`, [
      userId,
      email,
      passwordHash,
    ]);
    await client.query(`insert into "Membership" (id, "orgId", "userId", role) values ($1, $2, $3, $4)`, [
      membershipId,
      orgId,
      userId,
      role,
    ]);
    for (const appId of appIds) {
      await client.query(`insert into "AppMember" ("appId", "membershipId") values ($1, $2)`, [appId, membershipId]);
    }
  });
  return { email, password: PASSWORD };
}

/** An organization with one application. */
export async function makeOrganization(name: string): Promise<{ orgId: string; appId: string }> {
  const [orgId, appId] = [randomUUID(), randomUUID()];
  await inDatabase(async (client) => {
    await client.query(`insert into "Organization" (id, name) values ($1, $2)`, [orgId, name]);
    await client.query("select audit.create_log($1::uuid, null)", [orgId]);
    await client.query(`insert into "App" (id, "orgId", name) values ($1, $2, 'Theirs')`, [appId, orgId]);
    await client.query("select audit.create_log($1::uuid, $2::uuid)", [orgId, appId]);
  });
  return { orgId, appId };
}
