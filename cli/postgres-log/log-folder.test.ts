import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFolder, type LogsAt } from "./log-folder";

let dir = "";
let nowMs = 0;
let followed: LogFolder;
let losses: [name: string, bytes: number][] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "affidavit-folder-"));
  losses = [];
});
afterEach(async () => {
  await followed.close();
  rmSync(dir, { recursive: true });
});

const at = (name: string) => path.join(dir, name);
/** A record of the second `n`. */
const line = (n: number) =>
  `${JSON.stringify({ timestamp: `2026-11-25 08:00:${String(n).padStart(2, "0")}.000 UTC`, session_id: "6b0695ff.1", line_num: n, message: `m${n}` })}\n`;

function follow(logs: LogsAt): void {
  const onLoss = (name: string, bytes: number) => losses.push([name, bytes]);
  followed = new LogFolder(logs, { marks: [], onLoss, isFromNow: false, now: () => nowMs });
}

/** What is new after so many seconds, as the collector reads it. */
async function newAfter(seconds: number): Promise<string[]> {
  nowMs += seconds * 1_000;
  await followed.look();
  const messages: string[] = [];
  for (const file of followed.due) {
    for (let { bytes } = await file.fetch(); bytes.length > 0; { bytes } = await file.fetch())
      messages.push(...file.parse(bytes).map(({ record }) => record.message));
  }
  await followed.tidy();
  return messages;
}

test("a file that is followed by name is followed on when it is renamed before the server opens a new one", async () => {
  follow({ file: at("server.json") });
  writeFileSync(at("server.json"), line(1));
  writeFileSync(at("other.json"), line(9));
  expect(await newAfter(0)).toEqual(["m1"]);
  renameSync(at("server.json"), at("server.json.1"));
  expect(await newAfter(10)).toEqual([]);
  appendFileSync(at("server.json.1"), line(2));
  expect(await newAfter(600)).toEqual(["m2"]);
  writeFileSync(at("server.json"), line(4));
  appendFileSync(at("server.json.1"), line(3));
  expect((await newAfter(10)).sort()).toEqual(["m3", "m4"]);
  expect(followed.files.map(({ name }) => name).sort()).toEqual(["server.json", "server.json.1"]);
});

test("a file that is deleted while the server has it open is read until another one has gone on for a while", async () => {
  follow({ folder: dir });
  // Older, so it does not say that the server has moved on.
  writeFileSync(at("a.json"), line(1));
  expect(await newAfter(0)).toEqual(["m1"]);
  const handle = openSync(at("b.json"), "a");
  writeSync(handle, line(2));
  expect(await newAfter(10)).toEqual(["m2"]);
  unlinkSync(at("b.json"));
  expect(await newAfter(10)).toEqual([]);
  writeSync(handle, line(3));
  expect(await newAfter(3_600)).toEqual(["m3"]);
  expect(await newAfter(3_600)).toEqual([]);
  writeFileSync(at("c.json"), line(5));
  expect(await newAfter(10)).toEqual(["m5"]);
  writeSync(handle, line(4));
  expect(await newAfter(40)).toEqual(["m4"]);
  expect(await newAfter(40)).toEqual([]);
  expect(followed.files).toHaveLength(3);
  expect(await newAfter(30)).toEqual([]);
  expect(followed.files.map(({ name }) => name)).toEqual(["a.json", "c.json"]);
  expect(losses).toEqual([]);
  closeSync(handle);
});

test("what a deleted file has that was not read when following ends is told, also half a record", async () => {
  follow({ folder: dir });
  const handle = openSync(at("a.json"), "a");
  writeSync(handle, line(1));
  expect(await newAfter(0)).toEqual(["m1"]);
  unlinkSync(at("a.json"));
  expect(await newAfter(10)).toEqual([]);
  writeSync(handle, line(2) + line(3).slice(0, -10));
  await followed.close();
  expect(losses).toEqual([["a.json", line(2).length + line(3).length - 10]]);
  closeSync(handle);
});
