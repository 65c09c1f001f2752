import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeTenant, type Tenant } from "@/lib/testing/api";
import { type ApiProcess, startApiProcess } from "@/lib/testing/api-process";
import { createTestDatabase } from "@/lib/testing/database";
import { closedAddress, startProvider } from "../testing/provider";
import { allRows, differences, NO_DIFFERENCE } from "../testing/rows";
import { Affidavit, auditedFetch, findGaps, type Row } from "./index";

let api: ApiProcess;
let provider: Awaited<ReturnType<typeof startProvider>>;
let tenant: Tenant;
let client: Affidavit;

beforeAll(async () => {
  await createTestDatabase();
  [api, provider] = await Promise.all([startApiProcess(), startProvider()]);
});
afterAll(async () => {
  await client.close();
  await Promise.all([api.close(), provider.close()]);
});
/** Each test has an empty log. */
beforeEach(async () => {
  await client?.close();
  tenant = await makeTenant("Audited");
  client = new Affidavit({ url: api.url, apiKey: tenant.key, timeoutMs: 10_000 });
});

const soon = () => AbortSignal.timeout(200);
const only = async (): Promise<Row> => {
  const rows = await allRows(client);
  expect(rows).toHaveLength(1);
  return rows[0] as Row;
};

describe("one row per call, with how it ended", () => {
  test("a program that meets every end", async () => {
    const gone = await closedAddress();
    const audited = auditedFetch(fetch, {
      client,
      provider_id: "local",
      principal_user_id: "user_1",
      reason: "Meet every end",
      perCall: ({ url }) => ({ tool: new URL(url).pathname }),
    });
    /** Where, how, and status or error, outcome. */
    const calls: [string, RequestInit | (() => RequestInit), number | RegExp, string][] = [
      [`${provider.url}/ok`, {}, 200, "success"],
      [`${provider.url}/moved`, {}, 200, "success"],
      [`${provider.url}/moved`, { redirect: "manual" }, 302, "success"],
      [`${provider.url}/moved`, { redirect: "error" }, /./, "network_error"],
      [`${provider.url}/unauthorized`, { method: "POST", body: "x" }, 401, "policy_denial"],
      [`${provider.url}/forbidden`, {}, 403, "policy_denial"],
      [`${provider.url}/missing`, {}, 404, "provider_error"],
      [`${provider.url}/busy`, {}, 429, "provider_error"],
      [`${provider.url}/broken`, { method: "DELETE" }, 500, "provider_error"],
      [`${provider.url}/away`, {}, 503, "provider_error"],
      [`${provider.url}/hang`, () => ({ signal: soon() }), /^TimeoutError$/, "network_error"],
      [`${provider.url}/hang`, { signal: AbortSignal.abort() }, /^AbortError$/, "network_error"],
      [`${provider.url}/reset`, {}, /^ECONNRESET$|^UND_ERR/, "network_error"],
      [`${provider.url}/hangup`, {}, /^UND_ERR_SOCKET$/, "network_error"],
      [gone, {}, /^ECONNREFUSED$/, "network_error"],
      ["http://name.invalid/", {}, /^(ENOTFOUND|EAI_AGAIN)$/, "network_error"],
    ];
    const initOf = (init: (typeof calls)[number][1]) => (typeof init === "function" ? init() : init);
    for (const [url, init, ending] of calls) {
      const result = await audited(url, initOf(init)).catch((error: unknown) => error);
      if (typeof ending === "number") expect(result).toMatchObject({ status: ending });
      else expect(result).not.toBeInstanceOf(Response);
      if (result instanceof Response) await result.text();
    }
    const rows = await allRows(client);
    expect(rows.map(({ outcome }) => outcome)).toEqual(calls.map(([, , , outcome]) => outcome));
    for (const [index, [url, init, ending]] of calls.entries()) {
      const row = rows[index] as Row;
      expect(row).toMatchObject({
        url: new URL(url).href,
        method: initOf(init).method ?? "GET",
        provider_id: "local",
        principal_user_id: "user_1",
        reason: "Meet every end",
        response_status: typeof ending === "number" ? ending : null,
        tool: new URL(url).pathname,
      });
      if (typeof ending !== "number") expect(row.error_code).toMatch(ending);
      expect(row.latency_ms).toBeGreaterThanOrEqual(0);
      expect(row.latency_ms).toBeLessThan(30_000);
    }
    expect(rows[1]?.context).toMatchObject({ redirected_to: `${provider.url}/ok?token=***` });
    expect(rows[10]?.latency_ms).toBeGreaterThanOrEqual(190);
    expect(findGaps(rows)).toEqual([]);
  });

  test("no secret leaves the process", async () => {
    const sent: string[] = [];
    const record = client.record.bind(client);
    client.record = (events, options) => {
      sent.push(JSON.stringify(events));
      return record(events, options);
    };
    const audited = auditedFetch(fetch, { client, stripHeaders: ["X-Mine"] });
    await audited(`${provider.url}/ok?access_token=s3cret-1&q=plain#id_token=s3cret-2`, {
      headers: {
        Authorization: "Bearer s3cret-3",
        "X-Api-Key": "s3cret-4",
        "X-Mine": "s3cret-5",
        Accept: "text/plain",
      },
    });
    await audited(new Request(`${provider.url}/ok`, { headers: { cookie: "sid=s3cret-6" } }));
    expect(sent.join()).not.toMatch(/s3cret|provider-cookie/);
    expect(sent.join()).toContain("plain");
    const [row, second] = await allRows(client);
    expect(row).toMatchObject({
      url: `${provider.url}/ok?access_token=***&q=plain#id_token=***`,
      request_headers: { accept: "text/plain" },
      stripped_headers: ["authorization", "set-cookie", "x-api-key"],
    });
    expect(row?.request_body).toBeNull();
    expect(row?.response_body).toBeNull();
    expect(second).toMatchObject({ stripped_headers: ["cookie", "set-cookie"] });
  });

  test("bodies only when asked: their beginning, and the caller's stays whole", async () => {
    const audited = auditedFetch(fetch, { client, bodies: { request: true, response: true } });
    const text = `${"é".repeat(6_000)}end`;
    const echoed = await audited(`${provider.url}/echo`, { method: "POST", body: text });
    expect(await echoed.text()).toBe(text);
    const large = await audited(`${provider.url}/large`);
    expect((await large.text()).length).toBe(200_000);
    const [echo, whole] = await allRows(client);
    expect(echo).toMatchObject({
      request_body: "é".repeat(5_120),
      request_body_truncated: true,
      response_body: "é".repeat(5_120),
      response_body_truncated: true,
    });
    expect(whole?.response_body).toBe("é".repeat(5_120));
  });

  test("a slow stream and a streamed upload pass through", async () => {
    const audited = auditedFetch(fetch, { client, bodies: { request: true, response: true } });
    const slow = await audited(`${provider.url}/stream`);
    expect(await slow.text()).toBe("first last");
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("up"));
        controller.close();
      },
    });
    const init: RequestInit = { method: "POST", body };
    Object.assign(init, { duplex: "half" });
    expect(await (await audited(`${provider.url}/echo`, init)).text()).toBe("up");
    expect(await allRows(client)).toMatchObject([
      { response_body: "first " },
      { request_body: null, response_body: "up" },
    ]);
  });
});

describe("hooks", () => {
  test("a policy that denies: the call is not made, the row says why", async () => {
    const before = provider.requests();
    const audited = auditedFetch(fetch, {
      client,
      policy: ({ method }) => (method === "GET" ? undefined : { deny: "read only", policy_id: "p1" }),
    });
    await expect(audited(`${provider.url}/ok`, { method: "DELETE" })).rejects.toMatchObject({ code: "policy_denied" });
    expect(provider.requests()).toBe(before);
    expect(await only()).toMatchObject({
      outcome: "policy_denial",
      policy_id: "p1",
      policy_error: "read only",
      response_status: null,
      method: "DELETE",
    });
  });

  test("a policy that fails denies too", async () => {
    const policy = () => Promise.reject(new Error("policy server away"));
    await expect(auditedFetch(fetch, { client, policy })(`${provider.url}/ok`)).rejects.toMatchObject({
      code: "policy_denied",
    });
    expect(await only()).toMatchObject({ outcome: "policy_denial", policy_error: "policy server away" });
  });

  test("the caller may judge otherwise", async () => {
    const outcome = ({ status }: { status?: number }) => (status === 404 ? ("success" as const) : undefined);
    await auditedFetch(fetch, { client, outcome })(`${provider.url}/missing`);
    expect(await only()).toMatchObject({ outcome: "success", response_status: 404 });
  });
});

describe("while the audit server is away", () => {
  test('"throw": the call fails and says whether it was made', async () => {
    const impatient = new Affidavit({ url: await closedAddress(), apiKey: tenant.key, timeoutMs: 300 });
    const before = provider.requests();
    const made = auditedFetch(fetch, { client: impatient });
    await expect(made(`${provider.url}/ok?token=x`)).rejects.toMatchObject({
      code: "audit_failed",
      call: { made: true, status: 200, method: "GET", url: `${provider.url}/ok?token=***` },
      message: expect.stringContaining("was made and answered 200"),
    });
    expect(provider.requests()).toBe(before + 1);
    const denied = auditedFetch(fetch, { client: impatient, policy: () => ({ deny: "no" }) });
    await expect(denied(`${provider.url}/ok`)).rejects.toMatchObject({
      code: "audit_failed",
      call: { made: false },
      message: expect.stringContaining("was not made"),
    });
    await expect(made(await closedAddress())).rejects.toMatchObject({
      call: { made: true, error: expect.any(TypeError) },
    });
    expect(provider.requests()).toBe(before + 1);
    await impatient.close();
    expect(() => auditedFetch(fetch, { client, onAuditFailure: "spool" })).toThrow(TypeError);
  });

  test('killed for a while: with "throw" calls fail, with "spool" nothing is lost or doubled', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "afd-spool-"));
    const spooling = new Affidavit({ url: api.url, apiKey: tenant.key, spool: { folder }, timeoutMs: 10_000 });
    const direct = new Affidavit({ url: api.url, apiKey: tenant.key, timeoutMs: 300 });
    const kept = auditedFetch(fetch, {
      client: spooling,
      onAuditFailure: "spool",
      perCall: ({ url }) => ({ run_id: url }),
    });
    const strict = auditedFetch(fetch, { client: direct, perCall: ({ url }) => ({ run_id: url }) });
    const wanted: string[] = [];
    const ended = { ok: 0, failed: 0 };
    let [isOver, n] = [false, 0];
    /** Calls without a pause, each with a name of its own. */
    const caller = async (audited: typeof fetch, onEnd: (url: string, isOk: boolean) => void) => {
      while (!isOver) {
        const url = `${provider.url}/ok?n=${n++}`;
        const response = await audited(url).catch(() => undefined);
        await response?.text();
        onEnd(url, response !== undefined);
      }
    };
    const onKept = (url: string) => wanted.push(url);
    const onStrict = (url: string, isOk: boolean) => {
      ended[isOk ? "ok" : "failed"] += 1;
      if (isOk) wanted.push(url);
    };
    const callers = Promise.all([
      caller(kept, onKept),
      caller(kept, onKept),
      caller(kept, onKept),
      caller(strict, onStrict),
    ]);
    await expect.poll(() => wanted.length).toBeGreaterThan(100);
    await api.kill();
    const before = wanted.length;
    await expect.poll(() => wanted.length > before + 100 && ended.failed > 0).toBe(true);
    expect(readdirSync(folder).some((name) => name.endsWith(".ndjson"))).toBe(true);
    await api.restart();
    const ok = ended.ok;
    await expect.poll(() => ended.ok).toBeGreaterThan(ok + 10);
    isOver = true;
    await callers;
    await spooling.flush();

    const rows = await allRows(client);
    const found = rows.map(({ run_id }) => String(run_id));
    // A strict call that failed may have its row all the same: the answer was lost, not the write.
    const known = new Set(wanted);
    const result = differences(wanted, found);
    expect({ ...result, unknown: [] }).toEqual(NO_DIFFERENCE);
    expect(result.unknown.length).toBeLessThanOrEqual(ended.failed);
    expect(known.size).toBe(wanted.length);
    const own = rows.filter((row) => (row.context as { emitter: { id: string } }).emitter.id === spooling.emitterId);
    expect(findGaps(own)).toEqual([]);
    await Promise.all([spooling.close(), direct.close()]);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test("a tail that follows goes on afterwards, without a hole", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const followed = (async () => {
      for await (const { events } of client.tail({ follow: true, pollMs: 20, signal: stop.signal }))
        seen.push(...events.map(({ seq }) => seq));
    })();
    const some = Array.from({ length: 10 }, () => ({ kind: "call", outcome: "success" }) as const);
    await client.record(some);
    await expect.poll(() => seen.length).toBe(10);
    await api.kill();
    const late = client.record(some);
    await api.restart();
    await late;
    await expect.poll(() => seen.length).toBe(20);
    stop.abort();
    await followed;
    expect(seen).toEqual(Array.from({ length: 20 }, (_, seq) => seq));
  });
});
