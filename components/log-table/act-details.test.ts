import { expect, it } from "vitest";
import { changeTexts, detailTexts } from "./act-details";

const envelope = { id: "1", seq: 1, created_at: "", occurred_at: "" };
const apps = { "a-1": "Shop" };

it("names the application of a change, with its id on hover", () => {
  const changes = [
    { field: "name", new: "Key" },
    { field: "app_id", old: null, new: "a-1" },
    { field: "app_id", old: "a-1", new: "constructor" },
    { field: "app_id", new: "a-9" },
  ];
  expect(changeTexts({ ...envelope, changes }, apps)).toEqual([
    { shown: "name: – → Key", whole: "name: – → Key" },
    { shown: "application: – → Shop", whole: "app_id: – → a-1" },
    { shown: "application: Shop → constructor", whole: "app_id: a-1 → constructor" },
    { shown: "app_id: – → a-9", whole: "app_id: – → a-9" },
  ]);
});

it("keeps the session of a sign-in for whoever looks closer, and everything that outside systems write", () => {
  const details = { session_id: "s-1", attempts: 3 };
  expect(detailTexts({ ...envelope, details })).toEqual([
    { whole: "session_id: s-1" },
    { shown: "attempts: 3", whole: "attempts: 3" },
  ]);
  const outside = { ...envelope, source_system: "policies", changes: [{ field: "app_id", new: "a-1" }], details };
  expect(detailTexts(outside)[0]).toEqual({ shown: "session_id: s-1", whole: "session_id: s-1" });
  expect(changeTexts(outside, apps)[0]?.shown).toBe("app_id: – → a-1");
});

it("says in words what a check of settings found and why a connection failed, with the codes on hover", () => {
  const shown = (event: string, details: object, more: object = {}) =>
    detailTexts({ ...envelope, event, details, ...more }).flatMap((one) => one.shown ?? []);
  const tested = "data_source.tested";
  expect(shown(tested, { what: "coverage", level: "ok" })).toEqual(["Settings checked: everything is recorded"]);
  expect(shown(tested, { what: "coverage", fault: "password_missing" })).toEqual([
    "Settings not checked: a password is asked for, and none is kept",
  ]);
  expect(shown("data_source.catalogued", { fault: "timed_out" })).toEqual(["Failed: no answer in time"]);
  expect(detailTexts({ ...envelope, event: tested, details: { fault: "busy" } })[1]).toEqual({ whole: "fault: busy" });
  // A code of tomorrow, and words of outside systems, stand as they are.
  expect(shown(tested, { fault: "constructor" })).toEqual(["fault: constructor"]);
  expect(shown(tested, { fault: "busy" }, { source_system: "policies" })).toEqual(["fault: busy"]);
});
