import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Refusal, RefusalWindows } from "./refusal-windows";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE_MS = 60_000;
const isKnown = async (email: string) => email === "ana@example.com";

function counting(windowsMax: number) {
  const told: [string, number][] = [];
  const tell = ({ email, clientIp }: Refusal, attempts: number) => told.push([`${email}|${clientIp}`, attempts]);
  const windows = new RefusalWindows({ windowMs: MINUTE_MS, windowsMax, tell, isKnown });
  const add = (email: string, clientIp: string) => windows.add({ email, clientIp, userAgent: "" });
  return { told, add };
}

test("the first is told at once, the others of its minute in one row when it ends, and then none", () => {
  const { told, add } = counting(10);
  for (let attempt = 0; attempt < 500; attempt += 1) add("a@example.com", "192.0.2.1");
  add("a@example.com", "192.0.2.2");
  expect(told).toEqual([
    ["a@example.com|192.0.2.1", 1],
    ["a@example.com|192.0.2.2", 1],
  ]);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(told.slice(2)).toEqual([["a@example.com|192.0.2.1", 499]]);
  add("a@example.com", "192.0.2.1");
  expect(told).toHaveLength(3);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(told.slice(3)).toEqual([["a@example.com|192.0.2.1", 1]]);
  vi.advanceTimersByTime(10 * MINUTE_MS);
  expect(told).toHaveLength(4);
  add("a@example.com", "192.0.2.1");
  expect(told).toHaveLength(5);
});

test("guesses with ever new names are told as one beyond what may be open at once", async () => {
  const { told, add } = counting(3);
  for (let name = 0; name < 1_000; name += 1) add(`${name}@example.com`, "192.0.2.1");
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toHaveLength(4);
  expect(told[3]).toEqual(["|", 1]);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(told.slice(4)).toEqual([["|", 996]]);
});

test("a flood of names that nobody has hides no attempt on one that somebody has, from however many addresses", async () => {
  const { told, add } = counting(3);
  for (let name = 0; name < 1_000; name += 1) add(`${name}@example.com`, "192.0.2.1");
  for (let host = 1; host <= 100; host += 1) add("ana@example.com", `198.51.100.${host}`);
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(3)).toEqual([
    ["|", 1],
    ["ana@example.com|", 1],
  ]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(told.slice(5)).toEqual([
    ["|", 996],
    ["ana@example.com|", 99],
  ]);
});
