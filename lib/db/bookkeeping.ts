import "server-only";
import { controlClient } from "./control-client";

/**
 * The writes of the control plane that are nobody's act, and so have no row in the system log: all of them are here. Whatever
 * a person or a program decides goes through mutation().
 */

/** A session was used now. The caller asks at most once a minute. */
export async function touchSession(id: string): Promise<void> {
  await controlClient().$executeRaw`update "Session" set "lastSeenAt" = now() where id = ${id}::uuid`;
}

/** A key was used now. Moved at most once a minute: a busy key must not make a row version per request. */
export async function touchApiKey(id: string): Promise<void> {
  await controlClient().$executeRaw`update "ApiKey" set "lastUsedAt" = now()
    where id = ${id} and ("lastUsedAt" is null or "lastUsedAt" < now() - interval '1 minute')`;
}

/** The one-time token of /setup, instead of the one before. There is no organization yet whose log could tell of it. */
export async function keepSetupToken(tokenHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await controlClient().setupToken.upsert({
    where: { id: 1 },
    create: { tokenHash },
    update: { tokenHash, createdAt: new Date() },
  });
}
