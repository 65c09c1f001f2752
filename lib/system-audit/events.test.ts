import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CATEGORIES } from "@/lib/log-kinds/system/categories";
import { changesOf } from "./act";
import { EVENTS, isOwnEvent } from "./events";

test("every event is in the manual, in words", () => {
  const lines = Object.entries(EVENTS).map(
    ([name, { category, action, label }]) =>
      `| \`${name}\` | ${CATEGORIES[category].label} | \`${action}\` | ${label} |`,
  );
  const manual = readFileSync("docs/system-audit.md", "utf8").split("\n");
  expect(manual.filter((line) => /^\| `[a-z_.]+` \|/.test(line))).toEqual(lines);
});

test("our own names are known in any case, and no others", () => {
  expect(isOwnEvent(" API_KEY.created ")).toBe(true);
  for (const name of ["api_key.rotated", "toString", "__proto__", ""]) expect(isOwnEvent(name), name).toBe(false);
});

test("changes are what differs, absent and null being one", () => {
  expect(changesOf({ a: 1, b: [1], c: null }, { a: 2, b: [1], d: "x", e: undefined })).toEqual([
    { field: "a", old: 1, new: 2 },
    { field: "d", old: null, new: "x" },
  ]);
});
