import { expect, test } from "vitest";
import { system } from "./system";

const changesOf = (changes: unknown) => {
  const act = { category: "data", action: "update", event: "column.updated", source_system: "policy", changes };
  const context = { submittedAtMicros: 1_763_769_662_345_000, stripHeaders: new Set<string>() };
  return system.normalise(system.input.parse(act), context).fields.changes;
};

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
