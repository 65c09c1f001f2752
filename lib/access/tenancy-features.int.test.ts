import { randomUUID } from "node:crypto";
import path from "node:path";
import { text as textOf } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeEmail, changePassword, getAccount, personOf, renameAccount } from "@/lib/account/account";
import { endSession, listSessions, signOutEverywhere } from "@/lib/account/sessions";
import { createApiKey, listApiKeys, revokeApiKey } from "@/lib/api-keys/api-keys";
import { archiveApp, createApp, listApps, listManagedApps, renameApp, restoreApp } from "@/lib/apps/apps";
import { ingestExternalRows, ingestRecords } from "@/lib/custom-events/custom-events";
import { readCatalogue, replaceCatalogue } from "@/lib/data-sources/catalogue";
import { disconnectDataSource, updateDataSource } from "@/lib/data-sources/change";
import { changeCatalogue } from "@/lib/data-sources/change-catalogue";
import { checkCoverage } from "@/lib/data-sources/coverage";
import {
  createDataSource,
  findDataSource,
  getDataSource,
  listDataSources,
  listSourceNames,
} from "@/lib/data-sources/data-sources";
import { refreshCatalogue } from "@/lib/data-sources/refresh";
import { testDataSource } from "@/lib/data-sources/test-connection";
import { AppError } from "@/lib/errors/app-error";
import { downloadCsv } from "@/lib/exports/download";
import { ingestEvents, ingestSystemEvents, storeEvents } from "@/lib/ingest/ingest";
import { facetsOf } from "@/lib/query/facets";
import { getEvent } from "@/lib/query/get-event";
import { histogramOf } from "@/lib/query/histogram";
import { liveEvents } from "@/lib/query/live";
import { nearestTo } from "@/lib/query/nearest";
import { newestRowOf } from "@/lib/query/newest-row";
import { sampleRows } from "@/lib/query/sample";
import { findRows, searchEvents } from "@/lib/query/search";
import { tailEvents } from "@/lib/query/tail";
import { makeKey, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { grantedFunctions } from "@/lib/testing/granted-functions";
import { signInAs, subjectOf } from "@/lib/testing/portal";
import { keyIdOf, makeWorld, type World } from "@/lib/testing/world";
import { findKeySubject } from "./api-key";
import { grant } from "./door";
import type { Subject } from "./granted";
import { type Permission, SCOPES } from "./policy";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const HOUR_MICROS = 3_600_000_000;

/** The ids that somebody else may not reach anything by. */
interface Foreign {
  appId: string;
  eventId: string;
  keyId: string;
  sessionId: string;
  sourceId: string;
}

const windowOf = (appId: string) => ({
  appIds: [appId],
  kind: "call",
  filter: [],
  fromMicros: Date.now() * 1000 - HOUR_MICROS,
  toMicros: Date.now() * 1000 + HOUR_MICROS,
});

type Call = (subject: Subject, foreign: Foreign) => Promise<unknown>;
const as = <P extends Permission>(subject: Subject, permission: P) => grant(subject, permission);

/** How to call each feature function with somebody else's ids. */
const CUSTOM_RECORD = { event_type: "LOGIN", content_type: "application/json", event_details: {} };

const CALLS: Record<string, Call> = {
  "lib/account/account.ts#changeEmail": (subject) =>
    changeEmail(as(subject, "account:manage"), { email: `${randomUUID()}@example.com`, current_password: "x" }),
  "lib/account/account.ts#changePassword": (subject) =>
    changePassword(as(subject, "account:manage"), { current_password: "x", new_password: "y".repeat(12) }),
  "lib/account/account.ts#getAccount": (subject) => getAccount(as(subject, "account:manage")),
  "lib/account/account.ts#personOf": async (subject) => personOf(as(subject, "account:manage")),
  "lib/account/account.ts#renameAccount": (subject) => renameAccount(as(subject, "account:manage"), { name: "x" }),
  "lib/account/sessions.ts#endSession": (subject, { sessionId }) =>
    endSession(as(subject, "account:manage"), { id: sessionId }),
  "lib/account/sessions.ts#listSessions": (subject) => listSessions(as(subject, "account:manage")),
  "lib/account/sessions.ts#signOutEverywhere": async (subject) =>
    // Of a person made for it: this test goes on with the other one's sign-in.
    subject.actor.type === "user"
      ? signOutEverywhere(
          as(await subjectOf(await signInAs({ orgId: subject.orgId, role: "member" })), "account:manage"),
        )
      : signOutEverywhere(as(subject, "account:manage")),
  "lib/api-keys/api-keys.ts#createApiKey": (subject, { appId }) =>
    createApiKey(as(subject, "keys:manage"), {
      name: "x",
      app_id: appId,
      scopes: ["events:read"],
      org_wide: false,
      mode: "live",
    }),
  "lib/api-keys/api-keys.ts#listApiKeys": (subject) => listApiKeys(as(subject, "keys:manage")),
  "lib/api-keys/api-keys.ts#revokeApiKey": (subject, { keyId }) => revokeApiKey(as(subject, "keys:manage"), keyId),
  "lib/apps/apps.ts#archiveApp": (subject, { appId }) => archiveApp(as(subject, "apps:manage"), appId),
  "lib/apps/apps.ts#createApp": (subject) => createApp(as(subject, "apps:manage"), { name: randomUUID() }),
  "lib/apps/apps.ts#listApps": (subject) => listApps(as(subject, "events:read")),
  "lib/apps/apps.ts#listManagedApps": (subject) => listManagedApps(as(subject, "apps:manage")),
  "lib/apps/apps.ts#restoreApp": (subject, { appId }) => restoreApp(as(subject, "apps:manage"), appId),
  "lib/apps/apps.ts#renameApp": (subject, { appId }) => renameApp(as(subject, "apps:manage"), appId, { name: "mine" }),
  "lib/custom-events/custom-events.ts#ingestExternalRows": (subject, { appId }) =>
    ingestExternalRows(as(subject, "events:write"), {
      appId,
      dataSourceId: undefined,
      rows: [{ number: 0, records: [JSON.stringify(CUSTOM_RECORD)] }],
      batchId: undefined,
      idempotencyKey: undefined,
      text: "",
    }),
  "lib/custom-events/custom-events.ts#ingestRecords": (subject, { appId }) =>
    ingestRecords(as(subject, "events:write"), {
      appId,
      dataSourceId: undefined,
      records: [CUSTOM_RECORD],
      idempotencyKey: undefined,
    }),
  "lib/data-sources/catalogue.ts#readCatalogue": (subject, { sourceId }) =>
    readCatalogue(as(subject, "events:write"), sourceId, { limit: 10 }),
  "lib/data-sources/catalogue.ts#replaceCatalogue": (subject, { sourceId }) =>
    replaceCatalogue(as(subject, "sources:manage"), sourceId, { columns: [] }),
  "lib/data-sources/change-catalogue.ts#changeCatalogue": (subject, { sourceId }) =>
    changeCatalogue(as(subject, "sources:manage"), sourceId, { database: "d", schema: "s", table: "t" }),
  "lib/data-sources/change.ts#disconnectDataSource": (subject, { sourceId }) =>
    disconnectDataSource(as(subject, "sources:manage"), sourceId),
  "lib/data-sources/change.ts#updateDataSource": (subject, { sourceId }) =>
    updateDataSource(as(subject, "sources:manage"), sourceId, { name: "mine" }),
  "lib/data-sources/coverage.ts#checkCoverage": (subject, { sourceId }) =>
    checkCoverage(as(subject, "sources:manage"), sourceId),
  "lib/data-sources/refresh.ts#refreshCatalogue": (subject, { sourceId }) =>
    refreshCatalogue(as(subject, "sources:manage"), sourceId),
  "lib/data-sources/test-connection.ts#testDataSource": (subject, { sourceId }) =>
    testDataSource(as(subject, "sources:manage"), sourceId),
  "lib/data-sources/data-sources.ts#createDataSource": (subject, { appId }) =>
    createDataSource(as(subject, "sources:manage"), { name: "x", app_id: appId, type: "mysql" }),
  "lib/data-sources/data-sources.ts#findDataSource": async (subject, { sourceId }) => {
    if (!(await findDataSource(as(subject, "sources:manage"), sourceId))) throw new AppError("not_found", "none");
  },
  "lib/data-sources/data-sources.ts#getDataSource": (subject, { sourceId }) =>
    getDataSource(as(subject, "events:write"), sourceId),
  "lib/data-sources/data-sources.ts#listDataSources": (subject) => listDataSources(as(subject, "sources:manage")),
  "lib/data-sources/data-sources.ts#listSourceNames": (subject) => listSourceNames(as(subject, "events:read")),
  "lib/exports/download.ts#downloadCsv": async (subject, { appId }) =>
    textOf((await downloadCsv(as(subject, "exports:create"), windowOf(appId))).body),
  "lib/ingest/ingest.ts#ingestEvents": (subject, { appId }) => {
    const event = { kind: "call", outcome: "success" };
    return ingestEvents(as(subject, "events:write"), { appId, events: [event], body: event, pointerOf: () => "" });
  },
  "lib/ingest/ingest.ts#ingestSystemEvents": (subject) => {
    const event = { kind: "system", category: "locks", action: "create", event: "lock.made", source_system: "policy" };
    return ingestSystemEvents(as(subject, "system:write"), { events: [event], body: event, pointerOf: () => "" });
  },
  "lib/ingest/ingest.ts#storeEvents": (subject, { appId }) =>
    storeEvents(as(subject, "events:write"), [], { appId, body: [], pointerOf: () => "" }),
  "lib/query/facets.ts#facetsOf": (subject, { appId }) => facetsOf(as(subject, "events:read"), windowOf(appId)),
  "lib/query/get-event.ts#getEvent": (subject, { appId, eventId }) =>
    getEvent(as(subject, "events:read"), { id: eventId, appIds: [appId] }),
  "lib/query/histogram.ts#histogramOf": (subject, { appId }) =>
    histogramOf(as(subject, "events:read"), { ...windowOf(appId), buckets: 10 }),
  "lib/query/live.ts#liveEvents": async (subject, { appId }) => {
    const ctx = as(subject, "events:read");
    const { signal } = new AbortController();
    return textOf(liveEvents(ctx, { appId, filter: [], seconds: 0 }, { signal, renew: async () => ctx }));
  },
  "lib/query/nearest.ts#nearestTo": (subject, { appId }) => nearestTo(as(subject, "events:read"), windowOf(appId)),
  "lib/query/newest-row.ts#newestRowOf": (subject, { appId, sourceId }) =>
    newestRowOf(as(subject, "events:read"), { appId, dataSourceId: sourceId }),
  "lib/query/sample.ts#sampleRows": (subject, { appId }) => sampleRows(as(subject, "events:read"), windowOf(appId)),
  "lib/query/search.ts#findRows": (subject, { appId }) =>
    findRows(as(subject, "events:read"), { ...windowOf(appId), limit: 10 }),
  "lib/query/search.ts#searchEvents": (subject, { appId }) =>
    searchEvents(as(subject, "events:read"), { ...windowOf(appId), limit: 10 }),
  "lib/query/tail.ts#tailEvents": (subject, { appId }) =>
    tailEvents(as(subject, "events:read"), { appId, filter: [], limit: 10 }),
};

/** Answers that name nothing of anybody's: their own things, or what they were given. */
const ANSWERS_OWN = [
  "#listApiKeys",
  "#listApps",
  "#listDataSources",
  "#listSourceNames",
  "#listManagedApps",
  "#createApp",
  "#getAccount",
  "#ingestSystemEvents",
  "#personOf",
  "#renameAccount",
  "#listSessions",
  "#signOutEverywhere",
];
/** What else refuses: a person without a password has none to change, and a key has no account at all. */
const REFUSALS: Record<string, string[]> = { "#changeEmail": ["conflict"], "#changePassword": ["conflict"] };

let api: TestApi;
let a: World;
let b: World;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  [a, b] = await Promise.all([makeWorld(api), makeWorld(api)]);
});
afterAll(() => api.close());

const subjectOfKey = (key: string) => findKeySubject(key, { clientIp: "", userAgent: "" });

async function expectClosed(name: string, subject: Subject, foreign: Foreign, secrets: string[] = []): Promise<void> {
  const call = CALLS[name] as Call;
  // The door throws before there is a promise.
  const asked = async () => call(subject, foreign);
  const answer = await asked().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const text = JSON.stringify(answer);
  for (const secret of [...Object.values(foreign), ...secrets]) expect(text, name).not.toContain(secret);
  // A key has no account, and a person writes no rows of outside systems.
  const closed = subject.actor.type === "key" ? name.startsWith("lib/account/") : name.endsWith("#ingestSystemEvents");
  if (!closed && ANSWERS_OWN.some((own) => name.endsWith(own))) return expect(answer, name).toHaveProperty("value");
  const { error } = answer as { error?: unknown };
  expect(error, `${name} answered ${text.slice(0, 200)}`).toBeInstanceOf(AppError);
  const [, own] = name.split("#");
  expect(closed ? ["forbidden"] : (REFUSALS[`#${own}`] ?? ["not_found"]), name).toContain((error as AppError).code);
}

describe("feature functions, called past the door with somebody else's ids", () => {
  test("all of them are here: a new one needs a line in CALLS", () => {
    expect(grantedFunctions(ROOT).sort()).toEqual(Object.keys(CALLS).sort());
  });

  test.each(Object.keys(CALLS))("%s gives another organization nothing", async (name) => {
    const { appId, eventId, sourceId } = a;
    const foreign = { appId, eventId, sourceId, keyId: keyIdOf(a.key), sessionId: a.owner.sessionId };
    for (const subject of [await subjectOfKey(b.key), await subjectOf(b.owner)]) {
      await expectClosed(name, subject, foreign, a.secrets);
    }
  });

  test.each(Object.keys(CALLS))("%s gives a key of one app nothing of the other", async (name) => {
    const subject = await subjectOfKey(await makeKey(a.orgId, a.appId, { scopes: SCOPES }));
    const { otherAppId: appId, otherEventId: eventId, otherKeyId: keyId, otherSourceId: sourceId } = a;
    const foreign = { appId, eventId, keyId, sourceId, sessionId: a.owner.sessionId };
    // Rows of the key's own app hold the same secret, so only the ids tell.
    await expectClosed(name, subject, foreign);
  });
});
