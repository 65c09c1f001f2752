import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { decisionCell, objectsCell, queryRowClass, statusMark, tagsCell } from "./query-cells";

const envelope = { id: "1", seq: 1, created_at: "", occurred_at: "" };
const textOf = (cell: (row: typeof envelope) => React.ReactElement, row: object) =>
  renderToStaticMarkup(cell({ ...envelope, ...row })).replace(/<[^>]*>/g, "");

describe("the cells of a query", () => {
  it("list tables with their columns, each table once", () => {
    const objects_accessed = [
      { schema: "public", table: "customers", column: "name" },
      { schema: "public", table: "orders" },
      { schema: "public", table: "customers", column: "email" },
    ];
    expect(textOf(objectsCell, { objects_accessed })).toBe("customers (name, email), orders");
  });

  it("name the one table of a row that lists no objects, and never a database as if it were one", () => {
    expect(textOf(objectsCell, { objects_accessed: [], table_name: "customers", database_name: "shop" })).toBe(
      "customers",
    );
    expect(textOf(objectsCell, { schema_name: "public", database_name: "shop" })).toBe("–");
    expect(textOf(objectsCell, { objects_accessed: [{ database: "shop", schema: "public" }] })).toBe("–");
    expect(textOf(objectsCell, {})).toBe("–");
  });

  it("show what cannot be seen in tags", () => {
    expect(textOf(tagsCell, { tags_accessed: [{ key: "PII", value: "a\u202eb" }, { key: "GDPR" }] })).toBe(
      "PII: a\\u202eb, GDPR",
    );
  });

  it("mark what failed or was refused by more than its colour", () => {
    const failed = { execution_status: "error", decision: "allowed" };
    expect(textOf(decisionCell, failed)).toBe("allowed");
    expect(renderToStaticMarkup(statusMark({ ...envelope, ...failed }))).toContain("Error");
    expect(statusMark({ ...envelope, execution_status: "success" })).toBeNull();
    expect(textOf(decisionCell, { decision: "DENIED", policies_applied: [{}, {}] })).toBe("DENIED2 policies");
    expect(queryRowClass({ ...envelope, decision: "DENIED" })).toContain("amber");
    expect(queryRowClass({ ...envelope, execution_status: "error", decision: "denied" })).toContain("red");
    expect(queryRowClass({ ...envelope, execution_status: "constructor", decision: "allowed" })).toBeUndefined();
  });
});
