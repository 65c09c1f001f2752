import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findKeySubject } from "@/lib/access/api-key";
import { grant } from "@/lib/access/door";
import { SCOPES } from "@/lib/access/policy";
import { endSession } from "@/lib/account/sessions";
import { archiveApp } from "@/lib/apps/apps";
import { LIVE_STREAMS_OF_ONE_MAX } from "@/lib/contracts/live-limits";
import { viewsWritten } from "@/lib/system-audit/reading";
import { ask, makeKey, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { type OpenStream, openStream, type StreamOptions } from "@/lib/testing/event-stream";
import { signInAs, subjectOf } from "@/lib/testing/portal";
import { rowsOfEvent } from "@/lib/testing/system-log";
import { keyIdOf } from "@/lib/testing/world";

let api: TestApi;
let tenant: Tenant;
const opened: OpenStream[] = [];
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
});
beforeEach(async () => {
  tenant = await makeTenant("One");
});
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
afterAll(() => api.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
async function open(query = "", options: Partial<StreamOptions> = {}): Promise<OpenStream> {
  const stream = await openStream(`${api.url}/v1/events/live${query}`, { headers: bearer(tenant.key), ...options });
  opened.push(stream);
  return stream;
}
const write = async (events: object[], { key, app = tenant.appId }: { key?: string; app?: string } = {}) => {
  const body = events.map((event) => ({ kind: "call", outcome: "success", ...event }));
  const answer = await ask(api, key ?? tenant.key, `/v1/events?app_id=${app}`, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.receipts as { id: string; seq: number }[];
};
const rowsOf = ({ parser }: OpenStream) => parser.events.map(({ data }) => JSON.parse(data));
const seqsOf = (stream: OpenStream) => rowsOf(stream).map(({ seq }) => seq);
const isOpen = (stream: OpenStream) => expect.poll(() => stream.parser.lastEventId).not.toBe("");
const some = (count: number, event = {}) => Array.from({ length: count }, () => event);

describe("a live stream", () => {
  test("begins at the newest row, and brings rows in order while they are written, as the tail answers them", async () => {
    await write(some(3));
    const stream = await open();
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": expect.stringMatching(/no-store.*no-transform/),
      "x-accel-buffering": "no",
    });
    await isOpen(stream);
    expect(stream.parser.retryMs).toBe(1_000);
    for (let round = 0; round < 5; round += 1) await write(some(30));
    await expect.poll(() => stream.parser.events.length).toBe(150);
    expect(seqsOf(stream)).toEqual(Array.from({ length: 150 }, (_, index) => index + 3));
    expect(new Set(stream.parser.events.map(({ type }) => type))).toEqual(new Set(["row"]));
    const tail = await ask(api, tenant.key, "/v1/events?limit=1000");
    expect(rowsOf(stream)).toEqual(tail.body.events.slice(3));
    expect(stream.parser.lastEventId).toBe(tail.body.next_cursor);
  });

  test("goes on after a Last-Event-ID, which may be a seq, before `after`, else after that", async () => {
    await write(some(5));
    const first = await ask(api, tenant.key, "/v1/events?limit=2");
    const begun = [
      await open("?seconds=0", { lastEventId: first.body.next_cursor }),
      await open("?seconds=0", { lastEventId: "1" }),
      await open(`?seconds=0&after=${first.body.next_cursor}`),
      await open(`?seconds=0&after=${first.body.next_cursor}`, { lastEventId: "3" }),
      await open("?seconds=0", { lastEventId: "-1" }),
      await open("?seconds=0"),
    ];
    for (const stream of begun) expect(await stream.ended).toBe("whole");
    expect(begun.map(seqsOf)).toEqual([[2, 3, 4], [2, 3, 4], [2, 3, 4], [4], [0, 1, 2, 3, 4], []]);
  });

  test("refuses a place that is none with an ordinary problem", async () => {
    for (const lastEventId of ["junk", "-2", "99", "1.5", "MXQxLjA, MXQxLjA"]) {
      const answer = await ask(api, tenant.key, "/v1/events/live", { headers: { "last-event-id": lastEventId } });
      expect(answer, lastEventId).toMatchObject({ status: 400, body: { code: "invalid_cursor" } });
    }
    expect(await ask(api, tenant.key, "/v1/events/live?color=red")).toMatchObject({
      status: 400,
      body: { code: "invalid_query" },
    });
    expect((await ask(api, tenant.key, "/v1/events/live?seconds=-1")).status).toBe(400);
  });

  test("takes the tail's kind, filters and q", async () => {
    const streams = [
      await open("?kind=call&tool=mail"),
      await open(`?q=${encodeURIComponent("tool:mail latency_ms:>500")}`),
      await open("?kind=query"),
    ];
    for (const stream of streams) await isOpen(stream);
    await write([{ tool: "mail", latency_ms: 1 }, { tool: "other" }, { tool: "mail", latency_ms: 900 }]);
    await expect.poll(() => streams.map(seqsOf)).toEqual([[0, 2], [2], []]);
  });

  test("tells how far it came past rows that a filter leaves out", async () => {
    const stream = await open("?tool=nothing");
    await isOpen(stream);
    await write(some(1_000));
    const { body } = await ask(api, tenant.key, "/v1/events?limit=1000");
    await expect.poll(() => stream.parser.lastEventId).toBe(body.next_cursor);
    expect(stream.parser.events).toEqual([]);
  });

  test("counts as a view of that log, once", async () => {
    const stream = await open("?kind=call");
    await isOpen(stream);
    for (let round = 0; round < 3; round += 1) {
      const [{ seq } = { seq: -1 }] = await write(some(1));
      await expect.poll(() => seqsOf(stream)).toContain(seq);
    }
    await viewsWritten();
    const views = await rowsOfEvent(tenant.orgId, "audit.view");
    expect(views).toHaveLength(1);
    expect(views[0]).toMatchObject({ target_type: "log", target_id: tenant.appId });
  });

  test("is answered to HEAD without a stream, and to HTTP/1.0 without chunks", async () => {
    const head = await ask(api, tenant.key, "/v1/events/live", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(head.headers.get("content-type")).toBe("text/event-stream");
    await write(some(1));
    const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
    socket.write(
      `GET /v1/events/live?seconds=0 HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer ${tenant.key}\r\nLast-Event-ID: -1\r\n\r\n`,
    );
    const answer = await textOf(socket);
    expect(answer).not.toMatch(/transfer-encoding/i);
    const [top = "", body] = answer.split("\r\n\r\n");
    expect(top).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(body).toMatch(/^retry: 1000\nid: \S+\n\nid: \S+\nevent: row\ndata: \{.*\}\n\n$/);
  });
});

describe("who reads a live stream", () => {
  test("sees nothing of another organization", async () => {
    const other = await makeTenant("Two");
    const headers = bearer(other.key);
    const own = await open("", { headers });
    await isOpen(own);
    const foreign = await ask(api, other.key, `/v1/events/live?app_id=${tenant.appId}`);
    expect(foreign.status).toBe(404);
    await write(some(3));
    const place = (await ask(api, tenant.key, "/v1/events?limit=1")).body.next_cursor;
    const answer = await ask(api, other.key, "/v1/events/live", { headers: { "last-event-id": place } });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_cursor" } });
    const [row] = await write(some(1), { key: other.key, app: other.appId });
    await expect.poll(() => rowsOf(own).map(({ id }) => id)).toEqual([row?.id]);
  });

  test("may be the portal with its cookie, and no page of somebody else's", async () => {
    const person = await signInAs({ orgId: tenant.orgId, role: "owner" });
    const stream = await open("", { headers: { cookie: person.cookie, "sec-fetch-site": "same-origin" } });
    await isOpen(stream);
    await write(some(1));
    await expect.poll(() => seqsOf(stream)).toEqual([0]);
    const elsewhere = { cookie: person.cookie, "sec-fetch-site": "cross-site" };
    expect((await ask(api, undefined, "/v1/events/live", { headers: elsewhere })).status).toBe(403);
  });

  test("is sent nothing more once the key is revoked, the session over, or the app archived", async () => {
    const key = await makeKey(tenant.orgId, tenant.appId, { scopes: ["events:read"] });
    const person = await signInAs({ orgId: tenant.orgId, role: "owner" });
    const ending = [
      await open("", { headers: bearer(key) }),
      await open("", { headers: { cookie: person.cookie } }),
      await open(`?app_id=${tenant.otherAppId}`),
    ];
    const staying = await open();
    for (const stream of [...ending, staying]) await isOpen(stream);
    const begun = performance.now();
    const revoked = await ask(api, tenant.key, `/v1/api-keys/${keyIdOf(key)}`, { method: "DELETE" });
    expect(revoked.status).toBeLessThan(300);
    const account = grant(await subjectOf(person), "account:manage");
    await endSession(account, { id: person.sessionId });
    const subject = await findKeySubject(tenant.key, { clientIp: "", userAgent: "" });
    await archiveApp(grant(subject, "apps:manage"), tenant.otherAppId);
    for (const stream of ending) expect(await stream.ended).toBe("whole");
    expect(performance.now() - begun).toBeLessThan(15_000);
    await write(some(1));
    await expect.poll(() => seqsOf(staying)).toEqual([0]);
    for (const stream of ending) expect(stream.parser.events).toEqual([]);
  });

  test("has so many at once, and one more when one has ended", async () => {
    const key = await makeKey(tenant.orgId, tenant.appId, { scopes: SCOPES });
    const headers = bearer(key);
    const streams = [];
    for (let count = 0; count < LIVE_STREAMS_OF_ONE_MAX; count += 1) streams.push(await open("", { headers }));
    const refused = await ask(api, key, "/v1/events/live?seconds=0");
    expect(refused).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(refused.headers.get("retry-after")).toBe("5");
    expect((await ask(api, tenant.key, "/v1/events/live?seconds=0")).status).toBe(200);
    streams[0]?.close();
    await expect.poll(async () => (await ask(api, key, "/v1/events/live?seconds=0")).status).toBe(200);
  });
});
