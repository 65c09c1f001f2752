import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { queryLink } from "./query-link";
import { SourceLink } from "./source-link";

const TEMPLATE = "https://app.example/history/{query_id}?tab=details";

describe("queryLink", () => {
  it("puts the id into its place, as one part of an address", () => {
    expect(queryLink(TEMPLATE, "01b2/../x?y#z")).toBe("https://app.example/history/01b2%2F..%2Fx%3Fy%23z?tab=details");
  });

  it.each([
    ["no template", undefined],
    ["no place for the id", "https://app.example/history"],
    ["no web address", "javascript:alert({query_id})"],
    ["no address", "{query_id}"],
  ])("is none with %s", (_, template) => {
    expect(queryLink(template, "1")).toBeUndefined();
  });

  it.each([null, undefined, "", 7])("is none for the id %j", (id) => {
    expect(queryLink(TEMPLATE, id)).toBeUndefined();
  });
});

describe("SourceLink", () => {
  const row = { id: "1", seq: 1, created_at: "", occurred_at: "", query_id: "q 1" };
  const markup = (source: unknown) =>
    renderToStaticMarkup(
      createElement(SourceLink, { row: { ...row, data_source_id: source }, links: { warehouse: TEMPLATE } }),
    );

  it("leads to the query in its own data source", () => {
    expect(markup("warehouse")).toContain('href="https://app.example/history/q%201?tab=details"');
    expect(markup("warehouse")).toContain("Find in the data source");
  });

  it.each(["other", "constructor", null])("is not there for the data source %j", (source) => {
    expect(markup(source)).toBe("");
  });
});
