import { describe, expect, it } from "vitest";
import { filterFields, QUERY_PARAM } from "@/lib/filters/filter";
import { type QueryField, queryFields } from "@/lib/filters/language/check";
import { kinds } from "@/lib/log-kinds/registry";
import { fieldsOfPage } from "../log-filters/query-text";
import { describeKind } from "./describe-kind";
import { KIND_PAGES } from "./kind-pages";
import { logRules } from "./log-rules";

describe.each(kinds.map((kind) => ({ kind, view: describeKind(kind) })))("the page of $kind.id", ({ kind, view }) => {
  it("knows every filter of the API, and no other", () => {
    const names = filterFields([kind]).map(({ name }) => name);
    expect([...logRules(view).filters].sort()).toEqual([...names, QUERY_PARAM].sort());
  });

  it("knows every field of the query language, and no other", () => {
    const shape = ({ name, type, values, isTime }: QueryField) => ({ name, type, values, isTime });
    const tab = view.tabs;
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(fieldsOfPage(view.filters, view.fields).map(shape).sort(byName)).toEqual(
      queryFields([kind])
        .filter(({ name }) => name !== tab)
        .map(shape)
        .sort(byName),
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
