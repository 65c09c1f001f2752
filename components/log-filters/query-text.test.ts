import { describe, expect, it } from "vitest";
import { call } from "@/lib/log-kinds/call/call";
import { describeKind } from "../log-table/describe-kind";
import { fieldsOfPage, filtersOfQuery, queryOfFilters } from "./query-text";

const { filters, fields } = describeKind(call);
const page = fieldsOfPage(filters, fields);

describe("a query and the filters of a page", () => {
  it.each([
    ["", {}],
    ["outcome:policy_denial", { outcome: "policy_denial" }],
    ["provider_id:google outcome:policy_denial", { outcome: "policy_denial", provider_id: "google" }],
    ["latency_ms:500", { latency_ms: "500" }],
    ["latency_ms:>500 provider_id:google", { provider_id: "google", q: "latency_ms:>500" }],
    ["provider_id:google provider_id:stripe", { provider_id: "google", q: "provider_id:stripe" }],
    ["-outcome:success draft", { q: "-outcome:success draft" }],
    ["(outcome:success OR tool:x) tool:y", { tool: "y", q: "(outcome:success OR tool:x)" }],
    ["outcome:success OR tool:x", { q: "outcome:success OR tool:x" }],
    ['reason:" x"', { q: 'reason:" x"' }],
    ['text:"two words"', { text: "two words" }],
    ["occurred_at:>2026-11-22", { q: "occurred_at:>2026-11-22" }],
  ])("%s", (text, expected) => {
    const read = filtersOfQuery(text, page);
    // What stands in brackets keeps them only where something stands beside it.
    const { q } = read.filters;
    expect({
      ...read.filters,
      ...(q?.startsWith("outcome:success OR") && text.startsWith("(") && { q: `(${q})` }),
    }).toEqual(expected);
    expect(read.faults).toEqual([]);
    const again = filtersOfQuery(queryOfFilters(read.filters), page);
    expect(again).toEqual(read);
  });

  it("say where a fault stands, and keep what cannot be read", () => {
    expect(filtersOfQuery("outcom:success", page).faults).toMatchObject([{ start: 0, end: 14 }]);
    expect(queryOfFilters({ outcome: "success", q: "(a" })).toBe("outcome:success (a");
  });
});
