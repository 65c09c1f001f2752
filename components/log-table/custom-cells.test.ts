import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { sourceCell } from "./custom-cells";
import { SourceNamesProvider } from "./log-actions";

const envelope = { id: "1", seq: 1, created_at: "", occurred_at: "" };
const cellOf = (row: object) => {
  const value = { "s-1": "Orders" };
  return renderToStaticMarkup(createElement(SourceNamesProvider, { value }, sourceCell({ ...envelope, ...row })));
};

it("shows a data source by its name with its id on hover, one that is not known by its id, and none as none", () => {
  expect(cellOf({ data_source_id: "s-1" })).toBe('<span title="Orders\ns-1">Orders</span>');
  expect(cellOf({ data_source_id: "constructor" })).toContain(">constructor<");
  expect(cellOf({})).toContain("–");
});
