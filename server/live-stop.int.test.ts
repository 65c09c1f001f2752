import { getRequestListener } from "@hono/node-server";
import { afterAll, expect, test } from "vitest";
import { createApi } from "@/lib/api/app";
import { makeTenant } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { openStream } from "@/lib/testing/event-stream";
import { drain, listen, makeServer } from "./http-server";

/** As serve() has it: the signal that stops the server ends the streams, and the server drains. */
const stop = new AbortController();
const api = getRequestListener(createApi(stop.signal).fetch, { overrideGlobalObjects: false });
const server = makeServer((request, response) => void api(request, response));
afterAll(() => drain(server, 0));

test("a server that stops ends its live streams, and waits for none", async () => {
  await createTestDatabase();
  await listen(server, "127.0.0.1", 0);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { key } = await makeTenant("One");
  const headers = { authorization: `Bearer ${key}` };
  const streams = [];
  for (let count = 0; count < 5; count += 1)
    streams.push(await openStream(`http://127.0.0.1:${port}/v1/events/live`, { headers }));
  for (const { parser } of streams) await expect.poll(() => parser.lastEventId).not.toBe("");
  const begun = performance.now();
  stop.abort();
  await drain(server, 10_000);
  expect(performance.now() - begun).toBeLessThan(5_000);
  for (const { ended } of streams) expect(await ended).toBe("whole");
});
