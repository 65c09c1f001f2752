import { afterEach, expect, test } from "vitest";
import { type StubAnswer, startStub } from "../testing/audit-stub";
import { Affidavit, type TailOptions } from "./index";

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const page = (seqs: number[], next: string, more: boolean): StubAnswer => ({
  status: 200,
  body: { events: seqs.map((seq) => ({ seq })), next_cursor: next, has_more: more, head_seq: 9 },
});

/** All seqs that a tail gives where the server's answers are these, in order; the last one for ever. */
async function read(answers: StubAnswer[], options: TailOptions = {}, timeoutMs = 3_000): Promise<number[]> {
  const stub = await startStub((_, attempt) => answers[Math.min(attempt, answers.length) - 1]);
  const client = new Affidavit({ url: stub.url, apiKey: "afd_live_x", timeoutMs });
  opened.push(stub, client);
  const seqs: number[] = [];
  for await (const { events } of client.tail(options)) seqs.push(...events.map(({ seq }) => seq));
  return seqs;
}

test("a server that leaves a row out is not believed, inside a page and between pages", async () => {
  const gap = { code: "gap_in_tail" };
  await expect(read([page([0, 2], "a", false)])).rejects.toMatchObject(gap);
  await expect(read([page([0, 1], "a", true), page([3], "b", false)])).rejects.toMatchObject(gap);
  await expect(read([page([0, 1], "a", true), page([1], "b", false)])).rejects.toMatchObject(gap);
  expect(await read([page([0, 5], "a", false)], { filters: { outcome: "success" } })).toEqual([0, 5]);
  expect(await read([page([7, 8], "a", false)], { after: "x" })).toEqual([7, 8]);
});

test("a page that fails is asked for again, from the same cursor", async () => {
  const away: StubAnswer = { status: 503, body: {} };
  expect(await read([page([0], "a", true), away, away, page([1], "b", false)])).toEqual([0, 1]);
});

test("an outage ends a tail that does not follow with its time, a signal ends it quietly", async () => {
  const away: StubAnswer = { status: 503, body: {} };
  await expect(read([away], {}, 300)).rejects.toMatchObject({ status: 503 });
  expect(await read([away], { follow: true, signal: AbortSignal.timeout(300) })).toEqual([]);
  expect(await read([undefined], { follow: true, signal: AbortSignal.timeout(300) })).toEqual([]);
});
