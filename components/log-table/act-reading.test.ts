import { describe, expect, it } from "vitest";
import { readingTexts } from "./act-reading";

const envelope = { id: "1", seq: 1, created_at: "", occurred_at: "2026-11-25T10:00:00.400Z" };
const names = { apps: { "a-1": "Shop", "a-2": "Mail", system: "System" }, kinds: { query: "Query log" }, events: {} };
const textsOf = (row: object) => readingTexts({ ...envelope, ...row }, names);

describe("an act of reading", () => {
  it("names the application, the filter and the window in words", () => {
    const details = {
      kind: "query",
      filter: [{ field: "tag_key", value: "PII" }],
      from: "2026-11-24T10:00:01.000Z",
      to: "2026-11-25T10:00:01.000Z",
    };
    expect(textsOf({ target_type: "log", target_id: "a-1", details })).toEqual([
      "Shop",
      "Query log",
      "tag_key=PII",
      "last 24 hours",
    ]);
  });

  it("names several logs, and the organization's; an unknown one by its id", () => {
    expect(textsOf({ target_id: null, details: { logs: 3, app_ids: ["a-2", "a-9", "constructor"] } })).toEqual([
      "Mail",
      "a-9",
      "constructor",
    ]);
    expect(textsOf({ target_id: "system", details: {} })).toEqual(["System"]);
  });

  it("says how much was taken, of a window of the past", () => {
    const details = {
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-02T00:00:00.000Z",
      format: "csv",
      rows: 1,
      truncated: true,
    };
    expect(textsOf({ target_id: "a-1", details })).toEqual([
      "Shop",
      "1 Nov 2026, 00:00:00 to 2 Nov 2026, 00:00:00",
      "1 row",
      "CSV",
      "cut at its limit",
    ]);
  });

  it("names the log of a row before the row", () => {
    expect(textsOf({ target_type: "event", target_id: "r-7", details: { app_id: "a-1", kind: "query" } })).toEqual([
      "Shop",
      "Query log",
      "row r-7",
    ]);
  });

  it("says until when or from when where the page once looked for the nearest row", () => {
    const before = { from: "1700-01-01T00:00:00.000Z", to: "2026-11-24T10:00:01.000Z" };
    expect(textsOf({ target_id: "a-1", details: before })).toEqual(["Shop", "until 24 Nov 2026, 10:00:01"]);
    const after = { from: "2026-11-25T10:00:01.000Z", to: "2255-01-01T00:00:00.000Z" };
    expect(textsOf({ target_id: "a-1", details: after })).toEqual(["Shop", "from 25 Nov 2026, 10:00:01"]);
  });
});
