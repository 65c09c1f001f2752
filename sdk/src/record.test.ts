import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { receiptsFor, type Stub, type StubAnswer, startStub } from "../testing/audit-stub";
import { closedAddress } from "../testing/provider";
import { Affidavit, type CallEvent } from "./index";

/** How the client behaves towards a server that is not well; what the real one answers is in client.int.test.ts. */
const call = (fields: Partial<CallEvent> = {}): CallEvent => ({ kind: "call", outcome: "success", ...fields });
const problem = (status: number, code: string, extra: object = {}): StubAnswer => ({
  status,
  body: { status, code, detail: "no", ...extra },
});

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function against(
  answer: Parameters<typeof startStub>[0],
  options: Partial<ConstructorParameters<typeof Affidavit>[0]> = {},
): Promise<{ stub: Stub; client: Affidavit }> {
  const stub = await startStub(answer);
  const client = new Affidavit({ url: stub.url, apiKey: "afd_live_x", timeoutMs: 5_000, ...options });
  opened.push(stub, client);
  return { stub, client };
}

describe("a request that fails", () => {
  test.each([
    ["503", problem(503, "unavailable")],
    ["500", problem(500, "internal")],
    ["429", problem(429, "rate_limited")],
    ["408", problem(408, "timeout")],
    ["502 of a proxy", { status: 502, body: "bad gateway" }],
  ])("%s is repeated with the same bytes", async (_, failure) => {
    const { stub, client } = await against((events, attempt) => (attempt < 3 ? failure : receiptsFor(events)));
    const receipts = await client.record([call({ reason: "a" }), call({ reason: "b" })]);
    expect(stub.requests).toHaveLength(3);
    const ids = stub.requests.map(({ body }) => body?.events.map(({ id }) => id));
    expect(new Set(ids.map(String)).size).toBe(1);
    expect(receipts.map(({ id }) => id)).toEqual(ids[0]);
    expect(stub.requests[0]?.body).toEqual(stub.requests[2]?.body);
  });

  test("is not repeated before Retry-After", async () => {
    const { stub, client } = await against((events, attempt) =>
      attempt === 1 ? { status: 503, headers: { "retry-after": "1" }, body: {} } : receiptsFor(events),
    );
    await client.record(call());
    const [first, second] = stub.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test("fails at once when the server asks to wait beyond the deadline, and says for how long", async () => {
    const { stub, client } = await against(() => ({ status: 429, headers: { "retry-after": "120" }, body: {} }));
    await expect(client.record(call())).rejects.toMatchObject({ status: 429, retryAfterSeconds: 120 });
    expect(stub.requests).toHaveLength(1);
  });

  test.each([
    ["401", problem(401, "unauthenticated")],
    ["403", problem(403, "forbidden")],
    ["422", problem(422, "invalid_request")],
    ["409", problem(409, "idempotency_conflict")],
  ])("%s is not repeated", async (_, failure) => {
    const { stub, client } = await against(() => failure);
    await expect(client.record(call())).rejects.toMatchObject({ status: failure?.status, problem: { detail: "no" } });
    expect(stub.requests).toHaveLength(1);
  });

  test("an event behind a failing one has its own deadline", async () => {
    const { client } = await against(() => problem(503, "unavailable"), { timeoutMs: 400 });
    const begun = performance.now();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => client.record(call())));
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test("a server that hangs or is not there ends with the deadline", async () => {
    const { client } = await against(() => undefined, { timeoutMs: 300 });
    await expect(client.record(call())).rejects.toMatchObject({ code: "timeout", status: undefined });
    const gone = new Affidavit({ url: await closedAddress(), apiKey: "k", timeoutMs: 300 });
    opened.push(gone);
    await expect(gone.record(call())).rejects.toMatchObject({ code: "network_error" });
  });

  test("a redirect is not followed: the key is for one address", async () => {
    const { stub, client } = await against(() => ({ status: 307, headers: { location: "http://elsewhere.example" } }));
    await expect(client.record(call())).rejects.toMatchObject({ code: "redirected" });
    expect(stub.requests).toHaveLength(1);
  });

  test("201 from something that is not Affidavit is no receipt", async () => {
    const { client } = await against(() => ({ status: 201, body: { ok: true } }));
    await expect(client.record(call())).rejects.toMatchObject({ code: "unexpected_answer" });
  });
});

describe("batches", () => {
  test("while a request is under way the next one gathers, in order", async () => {
    const { stub, client } = await against(receiptsFor);
    const records = Array.from({ length: 50 }, (_, n) => client.record(call({ reason: String(n) })));
    await Promise.all(records);
    expect(stub.requests.length).toBeLessThanOrEqual(3);
    const reasons = stub.requests.flatMap(({ body }) => body?.events.map((event) => (event as CallEvent).reason));
    expect(reasons).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  });

  test("no request has more than 1,000 events or a million bytes", async () => {
    const { stub, client } = await against(receiptsFor);
    expect(await client.record(Array.from({ length: 2_500 }, () => call()))).toHaveLength(2_500);
    expect(stub.requests.map(({ body }) => body?.events.length)).toEqual([1_000, 1_000, 500]);
    stub.requests.length = 0;
    await client.record(Array.from({ length: 10 }, () => call({ request_body: "a".repeat(200_000) })));
    expect(stub.requests.map(({ body }) => body?.events.length)).toEqual([4, 4, 2]);
  });

  test("batch.eventsMax is kept, and delayMs lets a lone event wait", async () => {
    const { stub, client } = await against(receiptsFor, { batch: { eventsMax: 10, delayMs: 50 } });
    const first = client.record(call());
    await Promise.all([first, client.record(call()), client.record(Array.from({ length: 25 }, () => call()))]);
    expect(stub.requests.map(({ body }) => body?.events.length)).toEqual([2, 10, 10, 5]);
  });

  test("one bad event of several callers fails its own record only", async () => {
    const refuse = (events: readonly { id: string }[]): StubAnswer => {
      const faults = events.flatMap((event, index) =>
        (event as CallEvent).reason === "bad" ? [{ pointer: `/events/${index}/reason`, message: "is bad" }] : [],
      );
      return faults.length > 0 ? problem(422, "invalid_request", { errors: faults }) : receiptsFor(events);
    };
    const { stub, client } = await against(refuse);
    const records = ["a", "bad", "b", "c", "bad", "d"].map((reason) => client.record(call({ reason })));
    const results = await Promise.allSettled(records);
    expect(results.map(({ status }) => status === "fulfilled")).toEqual([true, false, true, true, false, true]);
    // As if it had been sent alone, and without being asked again.
    await expect(records[4]).rejects.toMatchObject({
      message: expect.stringMatching(/answered 422 invalid_request: no \/events\/0\/reason is bad\.$/),
      problem: { errors: [{ pointer: "/events/0/reason", message: "is bad" }] },
    });
    expect(stub.requests.map(({ body }) => body?.events.length)).toEqual([1, 5, 3]);
  });

  test("a refusal that names no event still fails only the one at fault", async () => {
    const { client } = await against((events) =>
      events.some((event) => (event as CallEvent).reason === "bad")
        ? problem(413, "payload_too_large")
        : receiptsFor(events),
    );
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => client.record(call({ reason: n === 13 ? "bad" : "good" }))),
    );
    expect(results.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([13]);
  });

  test("a proxy that takes less than the server gets it in smaller requests", async () => {
    const { client } = await against((events) => (events.length > 3 ? { status: 413 } : receiptsFor(events)));
    const receipts = await Promise.all(Array.from({ length: 20 }, () => client.record(call())));
    expect(receipts.flat()).toHaveLength(20);
  });

  test("a record too large for one request says what was taken when a part fails", async () => {
    const { client } = await against((events, attempt) =>
      attempt === 2 ? problem(422, "invalid_request") : receiptsFor(events),
    );
    const error = await client.record(Array.from({ length: 2_100 }, () => call())).catch((caught) => caught);
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(error.receipts.map((receipt: unknown) => receipt !== undefined)).toEqual(
      Array.from({ length: 2_100 }, (_, n) => n < 1_000 || n >= 2_000),
    );
  });
});

describe("ids and numbers", () => {
  test("each event gets an id, a time and its number; the caller's context stays", async () => {
    const { stub, client } = await against(receiptsFor);
    await client.record([call({ context: { ticket: "OPS-1" } }), call()]);
    await client.record(call());
    const events = stub.requests.flatMap(({ body }) => body?.events ?? []);
    const emitter = (seq: number) => ({ id: client.emitterId, seq });
    expect(events).toMatchObject([
      { context: { ticket: "OPS-1", emitter: emitter(0) }, occurred_at: expect.stringMatching(/Z$/) },
      { context: { emitter: emitter(1) } },
      { context: { emitter: emitter(2) } },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  test("an event with an id of its own is sent as it is, so that it can be sent again", async () => {
    const { stub, client } = await against(receiptsFor);
    const own = call({ id: randomUUID(), reason: "mine" });
    await client.record(own);
    expect(stub.requests[0]?.body?.events).toEqual([own]);
  });

  test("a context without room for the number is sent without, and no number is missing", async () => {
    const { stub, client } = await against(receiptsFor);
    await client.record([call({ context: { text: "a".repeat(16_350) } }), call()]);
    expect(stub.requests[0]?.body?.events).toMatchObject([
      { context: { text: expect.any(String) } },
      { context: { emitter: { seq: 0 } } },
    ]);
  });

  test("what cannot be sent is refused here, and uses no number", async () => {
    const { stub, client } = await against(receiptsFor);
    await expect(client.record(call({ latency_ms: Number.NaN }))).rejects.toMatchObject({ code: "invalid_event" });
    await expect(client.record(call({ request_body: "a".repeat(262_144) }))).rejects.toMatchObject({
      code: "payload_too_large",
    });
    // Nor do those that were given with it.
    await expect(client.record([call(), call(), call({ latency_ms: Number.NaN })])).rejects.toMatchObject({
      code: "invalid_event",
    });
    await client.record(call());
    expect(stub.requests[0]?.body?.events).toMatchObject([{ context: { emitter: { seq: 0 } } }]);
  });

  test("no events are no request; a closed client takes none; no spool is said", async () => {
    const { stub, client } = await against(receiptsFor);
    expect(await client.record([])).toEqual([]);
    await expect(client.record(call(), { onFailure: "spool" })).rejects.toMatchObject({ code: "no_spool" });
    await client.close();
    await expect(client.record(call())).rejects.toMatchObject({ code: "closed" });
    expect(stub.requests).toEqual([]);
  });
});
