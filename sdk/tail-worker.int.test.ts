import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTenant, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { Affidavit } from "./src/index";
import { type Consumer, makeConsumer } from "./testing/built-sdk";
import { findPython, run } from "./testing/programs";
import { allRows } from "./testing/rows";
import { SDK } from "./testing/sdk-places";
import { copiedRows, finish, runAndKill, type Worker } from "./testing/worker-kills";

const KILLS = 20;
/** The naive worker loses rows within a few kills; so many are never needed. */
const NAIVE_KILLS_MAX = 100;

let api: TestApi;
let consumer: Consumer;
beforeAll(async () => {
  await createTestDatabase();
  api = await startApi();
  consumer = makeConsumer();
});
afterAll(async () => {
  consumer.remove();
  await api.close();
});

/** The two lines whose order is the whole trick, and the program with them exchanged. */
const LANGUAGES = [
  {
    name: "poll-to-file.mjs",
    source: "examples/poll-to-file.mjs",
    command: () => process.execPath,
    write: "  await writeRows(handle, events);\n",
    save: "  await saveCursor(cursor);\n",
  },
  {
    name: "poll_to_file.py",
    source: "python/examples/poll_to_file.py",
    command: findPython,
    write: "            write_rows(file, page.events)\n",
    save: "            save_cursor(cursor_file, page.cursor)\n",
  },
];
type Language = (typeof LANGUAGES)[number];

async function place(language: Language, isNaive: boolean): Promise<{ worker: Worker; client: Affidavit }> {
  const tenant = await makeTenant("Copied");
  const program = path.join(consumer.folder, `${isNaive ? "naive-" : ""}${language.name}`);
  cpSync(path.join(SDK, language.source), program);
  if (isNaive) {
    const { write, save } = language;
    const text = readFileSync(program, "utf8");
    const naive = text.replace(write + save, save + write);
    expect(naive).not.toBe(text);
    writeFileSync(program, naive);
  }
  const worker = {
    command: language.command(),
    args: [program],
    env: { AFFIDAVIT_URL: api.url, AFFIDAVIT_API_KEY: tenant.key },
    file: `${program}.rows`,
  };
  return { worker, client: new Affidavit({ url: api.url, apiKey: tenant.key }) };
}

/** Somebody writes all the while. @returns ends it */
function keepWriting(client: Affidavit): () => Promise<void> {
  let isOver = false;
  const row = { kind: "call", outcome: "success", reason: "é".repeat(300) } as const;
  const written = (async () => {
    while (!isOver) await client.record(Array.from({ length: 25 }, () => row));
  })();
  return async () => {
    isOver = true;
    await written;
  };
}

describe.each(LANGUAGES)("$name", (language) => {
  test(`killed ${KILLS} times, its file has every row at least once`, async () => {
    const { worker, client } = await place(language, false);
    const stop = keepWriting(client);
    for (let kills = 0; kills < KILLS; kills += 1) await runAndKill(worker);
    await stop();
    await finish(worker);
    const { missing, mixed, ids, lines } = copiedRows(worker.file);
    expect({ missing, mixed }).toEqual({ missing: [], mixed: [] });
    const rows = await allRows(client);
    expect([...ids].sort(([a], [b]) => a - b)).toEqual(rows.map(({ seq, id }) => [seq, id]));
    expect(lines).toBeGreaterThanOrEqual(rows.length);
    expect(readFileSync(worker.file, "utf8").endsWith("\n")).toBe(true);
    await client.close();
  });

  test("with the cursor saved before the rows are written, the same test finds rows missing", async () => {
    const { worker, client } = await place(language, true);
    const stop = keepWriting(client);
    let kills = 0;
    while (copiedRows(worker.file).missing.length === 0 && kills < NAIVE_KILLS_MAX) {
      await runAndKill(worker);
      kills += 1;
    }
    await stop();
    expect(copiedRows(worker.file).missing).not.toEqual([]);
    await client.close();
  });

  test("half a line at the end is mended; nothing is doubled without a crash", async () => {
    const { worker, client } = await place(language, false);
    await client.record(Array.from({ length: 60 }, () => ({ kind: "call", outcome: "success" }) as const));
    worker.file = `${worker.file}.torn`;
    await finish(worker);
    const whole = readFileSync(worker.file, "utf8");
    writeFileSync(worker.file, `${whole}{"id":"half a r`);
    await client.record({ kind: "call", outcome: "success" });
    await finish(worker);
    expect(copiedRows(worker.file)).toMatchObject({ lines: 61, missing: [], mixed: [] });
    expect(readFileSync(worker.file, "utf8").startsWith(whole)).toBe(true);
    await client.close();
  });

  test("it says how it is used", async () => {
    const { worker, client } = await place(language, false);
    await expect(run(worker.command, worker.args, worker.env)).rejects.toThrow(/ended with 2[\s\S]*usage/i);
    await client.close();
  });
});
