import { describe, expect, it } from "vitest";
import { barSentence, lengthText, partsOf, rangeText } from "./bar-words";

it.each([
  [60, "1 minute"],
  [900, "15 minutes"],
  [7_200, "2 hours"],
  [86_400, "1 day"],
  [604_800, "7 days"],
  [31_536_000, "1 year"],
  [90, "90 seconds"],
])("%i s is %s", (seconds, text) => expect(lengthText(seconds)).toBe(text));

describe("a stretch of time", () => {
  it.each([
    ["2026-11-24T14:15:00.000Z", "2026-11-24T14:30:00.000Z", "24 Nov 2026, 14:15 to 14:30 UTC"],
    ["2026-11-24T23:45:00.000Z", "2026-11-25T00:00:00.000Z", "24 Nov 2026, 23:45 to 25 Nov 2026, 00:00 UTC"],
    ["2026-11-24T14:15:07.000Z", "2026-11-24T14:30:00.000Z", "24 Nov 2026, 14:15:07 to 14:30 UTC"],
  ])("%s", (from, to, text) => expect(rangeText({ from, to })).toBe(text));
});

describe("a bar in words", () => {
  const range = { from: "2026-11-24T14:15:00.000Z", to: "2026-11-24T14:30:00.000Z" };
  const when = "24 Nov 2026, 14:15 to 14:30 UTC";
  it("tells failures first", () => {
    const byOutcome = { success: 1_200, policy_denial: 3, provider_error: 1 };
    expect(barSentence({ ...range, count: 1_204, byOutcome }, { filtered: false, exact: true })).toBe(
      `${when}, 1,204 rows: 1 Provider error, 3 Policy denial, 1,200 Success`,
    );
  });
  it("says that it is an estimate", () => {
    expect(barSentence({ ...range, count: 7, byOutcome: { none: 7 } }, { filtered: true, exact: false })).toBe(
      `${when}, about 7 matching rows`,
    );
  });
  it("says that it is empty", () => {
    expect(barSentence({ ...range, count: 0, byOutcome: {} }, { filtered: false, exact: true })).toBe(
      `${when}, no rows`,
    );
  });
  it("names rows that do not tell how they ended only beside those that do", () => {
    expect(partsOf({ byOutcome: { none: 2 } })).toEqual([]);
    expect(partsOf({ byOutcome: { none: 2, error: 1 } }).map(({ text }) => text)).toEqual([
      "1 Error",
      "2 without an outcome",
    ]);
  });
});
