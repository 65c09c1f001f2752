import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { takeLock as takeServers } from "@/server/process-lock";
import { takeLock as takeSdks } from "./process-lock";

/** The SDK may not import the server, so there are two of one kind. */
const LOCKS = [
  ["SDK", (file: string) => takeSdks(file)],
  ["server", (file: string) => takeServers(file)],
] as const;
const LONG_AGO = new Date(Date.now() - 60_000);

describe.each(LOCKS)("the lock of the %s", (_, takeLock) => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "afd-lock-"));
    file = path.join(folder, "lock");
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  /** @returns a function that frees it */
  async function taken(): Promise<() => void> {
    const free = await takeLock(file);
    if (typeof free !== "function") throw new Error(`held by ${JSON.stringify(free)}`);
    return free;
  }
  /** A lock as somebody else would have left it. */
  async function leave(changes: Record<string, unknown>): Promise<string> {
    const free = await taken();
    const own = JSON.parse(readFileSync(file, "utf8"));
    free();
    const text = JSON.stringify({ ...own, ...changes });
    writeFileSync(file, text);
    return text;
  }

  test("is one's, readable by its owner only, and free again after it", async () => {
    const free = await taken();
    expect(await takeLock(file)).toMatchObject({ pid: process.pid });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    free();
    (await taken())();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of many starts at once has one winner", async () => {
    await leave({ pid: 999_999_999 });
    const results = await Promise.all(Array.from({ length: 20 }, () => takeLock(file)));
    const won = results.filter((result) => typeof result === "function");
    expect(won).toHaveLength(1);
    for (const free of won) free();
  });

  test.each([
    ["a process that is gone", { pid: 999_999_999 }],
    ["a process whose number another program has now", { started: "1" }],
  ])("of %s does not count", async (_name, changes) => {
    await leave(changes);
    (await taken())();
  });

  test("that is damaged does not count", async () => {
    writeFileSync(file, "{");
    (await taken())();
  });

  test("of another container counts while that touches it, not when it is gone", async () => {
    await leave({ space: "another container" });
    const touching = setInterval(() => utimesSync(file, new Date(), new Date()), 200);
    expect(await takeLock(file)).toMatchObject({ space: "another container" });
    clearInterval(touching);
    utimesSync(file, LONG_AGO, LONG_AGO);
    (await taken())();
  }, 20_000);

  test("is touched by its holder, and freed twice does no harm", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const free = await taken();
    utimesSync(file, LONG_AGO, LONG_AGO);
    vi.advanceTimersByTime(2_000);
    expect(statSync(file).mtime.getTime()).toBeGreaterThan(LONG_AGO.getTime());
    free();
    const next = await taken();
    free();
    expect(existsSync(file)).toBe(true);
    next();
  });

  test("that another took over during a long pause is neither touched nor freed", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const free = await taken();
    const other = JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), token: "another's" });
    rmSync(file);
    writeFileSync(file, other);
    utimesSync(file, LONG_AGO, LONG_AGO);
    vi.advanceTimersByTime(2_000);
    expect(statSync(file).mtime).toEqual(LONG_AGO);
    free();
    expect(readFileSync(file, "utf8")).toBe(other);
  });
});
