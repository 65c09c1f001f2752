import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockDataFolder } from "./data-folder-lock";

const URL = "http://localhost:3000";
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "afd-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What every lock does is in sdk/src/process-lock.test.ts. */
describe("the data folder's lock", () => {
  test("is one process's, and free again after it", async () => {
    const free = await lockDataFolder(folder, URL);
    await expect(lockDataFolder(folder, URL)).rejects.toThrow(
      `Affidavit already runs on ${folder}: process ${process.pid}, ${URL}.`,
    );
    free();
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
