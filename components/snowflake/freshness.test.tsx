import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Freshness } from "./freshness";

const NOW = "2026-11-22T12:00:00Z";

test.each([
  ["2026-11-22T11:59:30.000000Z", /Newest row: 22 Nov 2026, 11:59:30 UTC, 30 s ago\./],
  ["2026-11-22T09:00:01.000000Z", /Newest row: .* 2 h 59 min ago\./],
  ["2026-11-22T09:00:00.000000Z", /No rows for 3 hours/],
  ["2026-11-20T11:30:00.000000Z", /No rows for 2 days/],
])("newest row at %s", (createdAt, words) => {
  expect(renderToStaticMarkup(<Freshness newest={{ state: "found", createdAt }} now={NOW} />)).toMatch(words);
});

test("none, and not found out", () => {
  const words = (state: "none" | "unknown") => renderToStaticMarkup(<Freshness newest={{ state }} now={NOW} />);
  expect(words("none")).toContain("No rows in the last 30 days");
  expect(words("unknown")).toContain("not found quickly");
});
