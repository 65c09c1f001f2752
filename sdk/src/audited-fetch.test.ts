import { expect, test } from "vitest";
import { receiptsFor, startStub } from "../testing/audit-stub";
import { startProvider } from "../testing/provider";
import { auditedFetch } from "./audited-fetch";
import { Affidavit, type CallEvent } from "./index";
import { describeError } from "./outcome";

/** No halves of characters: the server refuses them, and the call would fail because of its row. */
const isWhole = (text: string) => Buffer.from(text).toString() === text;

test("long texts are cut between characters", async () => {
  const { code, message } = describeError(
    { code: `${"c".repeat(511)}😀`, message: `${"m".repeat(8_191)}😀` },
    "http://x",
    "http://x",
  );
  expect([code, message]).toEqual(["c".repeat(511), "m".repeat(8_191)]);
  expect(describeError(new Error("half \ud83d of it"), "http://x", "http://x").message).toBe("half \ufffd of it");

  const stub = await startStub(receiptsFor);
  const client = new Affidavit({ url: stub.url, apiKey: "afd_live_x" });
  const audited = auditedFetch(fetch, { client, policy: () => ({ deny: `${"d".repeat(4_095)}😀` }) });
  await expect(audited(`no address ${"u".repeat(8_180)}😀`)).rejects.toMatchObject({ code: "policy_denied" });
  const [row] = (stub.requests[0]?.body?.events ?? []) as CallEvent[];
  expect(row?.policy_error).toBe("d".repeat(4_095));
  expect(row?.url).toMatch(/^no address u+$/);
  expect(isWhole(row?.url ?? "\ud83d")).toBe(true);
  await client.close();
  await stub.close();
});

test("the row is there before the response, and says nothing of a body that breaks off later", async () => {
  const [stub, provider] = await Promise.all([startStub(receiptsFor), startProvider()]);
  const client = new Affidavit({ url: stub.url, apiKey: "afd_live_x" });
  const response = await auditedFetch(fetch, { client })(`${provider.url}/torn`);
  expect(stub.requests.flatMap(({ body }) => body?.events)).toMatchObject([
    { outcome: "success", response_status: 200, latency_ms: expect.any(Number) },
  ]);
  await expect(response.text()).rejects.toThrow();
  await client.close();
  expect(stub.requests).toHaveLength(1);
  await Promise.all([stub.close(), provider.close()]);
});
