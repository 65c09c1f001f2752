import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockDataFolder } from "./data-folder-lock";
import { ownIdentity } from "./process-identity";

const URL = "http://localhost:3000";
let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "afd-lock-"));
  file = path.join(folder, "running.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const holder = (changes: Record<string, unknown>) =>
  writeFileSync(file, JSON.stringify({ ...ownIdentity(), url: URL, ...changes }));

describe("the data folder's lock", () => {
  test("is one process's, and free again after it", async () => {
    const free = await lockDataFolder(folder, URL);
    await expect(lockDataFolder(folder, URL)).rejects.toThrow(
      `Affidavit already runs on ${folder}: process ${process.pid}, ${URL}.`,
    );
    free();
    (await lockDataFolder(folder, URL))();
  });

  test("of many starts at once has one winner", async () => {
    holder({ pid: 999_999_999 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder, URL)));
    const won = results.filter((result) => result.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const { value: free } of won) free();
  });

  test("of a process that is gone does not count", async () => {
    holder({ pid: 999_999_999 });
    (await lockDataFolder(folder, URL))();
  });

  test("is not taken for held because another program has the number now", async () => {
    holder({ started: "1" });
    (await lockDataFolder(folder, URL))();
  });

  test("of another container that is gone does not count", async () => {
    holder({ space: "another boot" });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file, longAgo, longAgo);
    (await lockDataFolder(folder, URL))();
  });

  test("of another container that still touches it counts", async () => {
    holder({ space: "another container" });
    const touching = setInterval(() => utimesSync(file, new Date(), new Date()), 200);
    await expect(lockDataFolder(folder, URL)).rejects.toThrow("already runs");
    clearInterval(touching);
  }, 20_000);

  test("that is damaged does not count", async () => {
    writeFileSync(file, "{");
    (await lockDataFolder(folder, URL))();
  });

  test("is readable by its owner only, and a folder that is missing is made", async () => {
    const below = path.join(folder, "a", "b");
    const free = await lockDataFolder(below, URL);
    expect(statSync(path.join(below, "running.json")).mode & 0o777).toBe(0o600);
    expect(statSync(below).mode & 0o777).toBe(0o711);
    expect(JSON.parse(readFileSync(path.join(below, "running.json"), "utf8"))).toMatchObject({
      pid: process.pid,
      url: URL,
    });
    free();
  });
});
