import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CATEGORIES } from "@/lib/log-kinds/system/categories";
import { changesOf } from "./act";
import { EVENTS, readsAsOwnEvent } from "./events";

test("every event is in the manual, in words", () => {
  const lines = Object.entries(EVENTS).map(
    ([name, { category, action, label }]) =>
      `| \`${name}\` | ${CATEGORIES[category].label} | \`${action}\` | ${label} |`,
  );
  const manual = readFileSync("docs/system-audit.md", "utf8").split("\n");
  expect(manual.filter((line) => /^\| `[a-z_.]+` \|/.test(line))).toEqual(lines);
});

test("what reads as a name of ours is known, and nothing else", () => {
  const own = [
    "API_KEY.created",
    "api-key.rotated",
    "apikey:x",
    "session_all_ended",
    "sign.in.failed",
    "Audit.",
    "app",
  ];
  for (const name of [...Object.keys(EVENTS), ...own]) expect(readsAsOwnEvent(name), name).toBe(true);
  const others = [
    "lock.created",
    "application.made",
    "approval.given",
    "password_policy.changed",
    "toString",
    "__proto__",
  ];
  for (const name of others) expect(readsAsOwnEvent(name), name).toBe(false);
});

test("changes are what differs, absent and null being one", () => {
  expect(changesOf({ a: 1, b: [1], c: null }, { a: 2, b: [1], d: "x", e: undefined })).toEqual([
    { field: "a", old: 1, new: 2 },
    { field: "d", old: null, new: "x" },
  ]);
});
