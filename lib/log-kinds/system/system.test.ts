import { expect, test } from "vitest";
import { system } from "./system";

const stored = (told: Record<string, unknown>) => {
  const act = { category: "data", action: "update", event: "column.updated", source_system: "policy", ...told };
  const context = { submittedAtMicros: 1_763_769_662_345_000, stripHeaders: new Set<string>() };
  return system.normalise(system.input.parse(act), context).fields;
};
const changesOf = (changes: unknown) => stored({ changes }).changes;

test("values of secret fields are masked, the others kept as they were sent", () => {
  expect(
    changesOf([
      { field: "password", old: "hunter2", new: "hunter3" },
      { field: "api_key", old: null, new: { value: "x" } },
      { field: "clientSecret", new: "x" },
      { field: "name", old: "a", new: ["b"] },
      { field: "monkey", old: 1, new: 2 },
    ]),
  ).toEqual([
    { field: "password", old: "***", new: "***" },
    { field: "api_key", old: null, new: "***" },
    { field: "clientSecret", new: "***" },
    { field: "name", old: "a", new: ["b"] },
    { field: "monkey", old: 1, new: 2 },
  ]);
});

test("so are those inside of values and of details, however deep", () => {
  const old = { host: "db1", password: "hunter2", pool: [{ api_key: "hunter3", size: 4 }], token: null };
  expect(changesOf([{ field: "config", old, new: ["x", { "client-secret": { a: 1 } }] }])).toEqual([
    {
      field: "config",
      old: { host: "db1", password: "***", pool: [{ api_key: "***", size: 4 }], token: null },
      new: ["x", { "client-secret": "***" }],
    },
  ]);
  const details = {
    clientSecret: "hunter4",
    tags: [{ key: "PII", value: "email" }],
    headers: [{ name: "Authorization", value: "Bearer hunter5" }],
    ["__proto__"]: { password: "hunter6" },
  };
  expect(stored({ details: JSON.parse(JSON.stringify(details)) }).details).toEqual({
    clientSecret: "***",
    tags: [{ key: "PII", value: "email" }],
    headers: [{ name: "Authorization", value: "***" }],
    ["__proto__"]: { password: "***" },
  });
});
