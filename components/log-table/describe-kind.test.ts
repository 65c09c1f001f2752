import { describe, expect, it } from "vitest";
import { filterFields } from "@/lib/filters/filter";
import { kinds } from "@/lib/log-kinds/registry";
import { describeKind } from "./describe-kind";
import { KIND_PAGES } from "./kind-pages";
import { logRules } from "./log-rules";

describe.each(kinds.map((kind) => ({ kind, view: describeKind(kind) })))("the page of $kind.id", ({ kind, view }) => {
  it("knows every filter of the API, and no other", () => {
    expect([...logRules(view).filters].sort()).toEqual(
      filterFields([kind])
        .map(({ name }) => name)
        .sort(),
    );
  });

  it("begins its filters with those that people look for, all of which exist", () => {
    const common = view.filters.filter((filter) => filter.common).map(({ name }) => name);
    expect(common).toEqual(KIND_PAGES[kind.id]?.common);
    expect(view.filters.slice(0, common.length).map(({ name }) => name)).toEqual(common);
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});

it("names the members of list elements in the order of the declaration", () => {
  const fields = kinds.flatMap((kind) => describeKind(kind).fields);
  const membersOf = (name: string) => fields.find((field) => field.name === name)?.members;
  expect(membersOf("objects_accessed")).toEqual(["database", "schema", "table", "column"]);
  expect(membersOf("changes")).toEqual(["field", "old", "new"]);
  expect(membersOf("query_text")).toBeUndefined();
});
