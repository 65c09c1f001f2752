import { randomUUID } from "node:crypto";
import { SCOPES } from "@/lib/access/policy";
import { ask, makeKey, makeTenant, type Tenant, type TestApi } from "./api";
import { type SignedIn, signInAs } from "./portal";

/** An organization with a bit of everything in it, for tests of who sees what. */
export interface World extends Tenant {
  /** A row of each app. */
  eventId: string;
  otherEventId: string;
  /** Id of a key that is bound to the second app. */
  otherKeyId: string;
  /** A data source of each app. */
  sourceId: string;
  otherSourceId: string;
  owner: SignedIn;
  /** Texts that nobody outside may ever read. */
  secrets: string[];
}

const LINK = "https://console.example.com/{query_id}";

/** The one of the reference's examples. */
const COLUMN = { database: "orders", schema: "public", table: "customers", column: "email" };

export const keyIdOf = (key: string) => key.split("_")[2] ?? "";

export async function makeWorld(api: TestApi): Promise<World> {
  const name = `org ${randomUUID()}`;
  const tenant = await makeTenant(name);
  const secret = `secret ${randomUUID()}`;
  const write = async (appId: string) => {
    const event = { kind: "call", outcome: "success", reason: secret, request_body: secret, context: { secret } };
    const answer = await ask(api, tenant.key, `/v1/events?app_id=${appId}`, { body: event });
    return answer.body.receipts[0].id as string;
  };
  const [eventId, otherEventId] = await Promise.all([write(tenant.appId), write(tenant.otherAppId)]);
  const connect = async (appId: string) => {
    const source = { name: `source ${randomUUID()}`, app_id: appId, type: "postgres", query_link: LINK };
    const { id } = (await ask(api, tenant.key, "/v1/data-sources", { body: source })).body;
    await ask(api, tenant.key, `/v1/data-sources/${id}/catalogue`, { method: "PUT", body: { columns: [COLUMN] } });
    return id as string;
  };
  const [sourceId, otherSourceId] = await Promise.all([connect(tenant.appId), connect(tenant.otherAppId)]);
  const otherKeyId = keyIdOf(await makeKey(tenant.orgId, tenant.otherAppId, { scopes: SCOPES }));
  const { orgId, appId, otherAppId, key } = tenant;
  const secrets = [name, secret, orgId, appId, otherAppId, keyIdOf(key), otherKeyId, eventId, otherEventId, sourceId];
  secrets.push(otherSourceId);
  return {
    ...tenant,
    eventId,
    otherEventId,
    otherKeyId,
    sourceId,
    otherSourceId,
    owner: await signInAs({ orgId, role: "owner" }),
    secrets,
  };
}
