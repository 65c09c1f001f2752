import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receiptsFor, startStub } from "../testing/audit-stub";
import { type Consumer, makeConsumer } from "../testing/built-sdk";
import { start } from "../testing/programs";
import { closedAddress } from "../testing/provider";
import { differences } from "../testing/rows";
import { Affidavit } from "./index";

const KILLS = 5;
const PROGRAM = `
import { Affidavit } from "@affidavit/sdk";
const client = new Affidavit({ url: process.argv[2], apiKey: "afd_live_x", spool: { folder: process.argv[3] } });
for (;;) {
  const receipts = await Promise.all([1, 2, 3].map(() => client.record({ kind: "call", outcome: "success" })));
  console.log(receipts.flat().map(({ id }) => id).join("\\n"));
}
`;

let gone: string;
const consumers: Consumer[] = [];
beforeAll(async () => {
  gone = await closedAddress();
});
afterAll(() => {
  for (const consumer of consumers) consumer.remove();
});

/** Kills a program that spools, again and again. @returns ids that were answered, and ids that the next start sends */
async function killAndDrain(consumer: Consumer): Promise<{ answered: string[]; sent: string[] }> {
  consumers.push(consumer);
  const folder = path.join(consumer.folder, "spool");
  writeFileSync(path.join(consumer.folder, "record.mjs"), PROGRAM);
  const answered: string[] = [];
  for (let kills = 0; kills < KILLS; kills += 1) {
    const child = start(process.execPath, [path.join(consumer.folder, "record.mjs"), gone, folder], {});
    const ended = once(child, "close");
    createInterface({ input: child.stdout ?? process.stdin }).on("line", (id) => answered.push(id));
    const before = answered.length;
    await expect.poll(() => answered.length, { interval: 2 }).toBeGreaterThan(before + 30);
    child.kill("SIGKILL");
    await ended;
  }
  const stub = await startStub(receiptsFor);
  const client = new Affidavit({ url: stub.url, apiKey: "afd_live_x", spool: { folder, onReport: () => {} } });
  await client.flush();
  await client.close();
  await stub.close();
  return { answered, sent: stub.requests.flatMap(({ body }) => body?.events.map(({ id }) => id) ?? []) };
}

test("what was answered 'spooled' survives SIGKILL, once each", { timeout: 60_000 }, async () => {
  const { answered, sent } = await killAndDrain(makeConsumer());
  expect(differences(answered, sent)).toMatchObject({ lost: [], doubled: [] });
});

test("a client that answers before it has written loses events in the same test", { timeout: 60_000 }, async () => {
  const consumer = makeConsumer();
  const file = path.join(consumer.folder, "node_modules/@affidavit/sdk/dist/sdk/src/lanes.js");
  const text = readFileSync(file, "utf8");
  const naive = text.replace("await this.spooling.append(", "void this.spooling.append(");
  expect(naive).not.toBe(text);
  writeFileSync(file, naive);
  const { answered, sent } = await killAndDrain(consumer);
  expect(differences(answered, sent).lost.length).toBeGreaterThan(0);
});
