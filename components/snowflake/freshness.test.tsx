import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { NewestRow } from "@/lib/contracts/newest-row";
import { Freshness } from "./freshness";

const NOW = "2026-11-22T12:00:00Z";
const at = (createdAt: string): NewestRow => ({ state: "found", createdAt });
const recent = at("2026-11-22T09:00:01Z");
const none: NewestRow = { state: "none" };
const unknown: NewestRow = { state: "unknown" };
const WORDS = ["MONITOR", "as it should be", "suspended"];

test.each([
  [{ query: recent, custom: recent }, "Queries: 2 h 59 min ago", []],
  [{ query: unknown, custom: unknown }, "too large to look quickly", []],
  [{ query: none, custom: recent }, "Queries: none in 30 days", ["MONITOR"]],
  [{ query: recent, custom: at("2026-11-22T09:00:00Z") }, "custom events: 3 h", ["suspended"]],
  [{ query: none, custom: none }, "none in 30 days", ["MONITOR", "as it should be"]],
])("%j: %s", (newest, text, advice) => {
  const shown = renderToStaticMarkup(<Freshness newest={newest} now={NOW} />);
  expect(shown).toContain(text);
  expect(WORDS.filter((word) => shown.includes(word))).toEqual(advice);
});
