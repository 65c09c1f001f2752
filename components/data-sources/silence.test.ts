import { expect, test } from "vitest";
import type { NewestRow } from "@/lib/contracts/newest-row";
import { silenceOf } from "./silence";

const NOW = "2026-11-22T12:00:00Z";
const at = (createdAt: string): NewestRow => ({ state: "found", createdAt });
const recent = at("2026-11-22T11:55:00Z");
const none: NewestRow = { state: "none" };
const unknown: NewestRow = { state: "unknown" };

test.each([
  [{ query: none, custom: recent }, "Queries: none in 30 days · custom events: 5 min ago", true],
  [{ query: recent, custom: none }, "Queries: 5 min ago · custom events: none in 30 days", false],
  [{ query: at("2026-11-21T12:00:00Z"), custom: none }, "ago · custom events: none in 30 days", true],
  [{ query: unknown, custom: recent }, "Queries: not known: the log is too large to look quickly", false],
])("%j: %s", (newest, text, silent) => {
  expect(silenceOf(newest, NOW)).toEqual({ text: expect.stringContaining(text), silent });
});
