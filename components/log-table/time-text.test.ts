import { describe, expect, it } from "vitest";
import { dayOf, fullTime, rowTime } from "./time-text";

describe("times of rows", () => {
  it("are cut to milliseconds, and keep their year in the day", () => {
    expect(rowTime("2020-09-14T00:45:12.123456Z")).toEqual({ date: "14 Sep", clock: "00:45:12", millis: ".123" });
    expect(rowTime("2026-11-02T01:18:49Z")).toEqual({ date: "02 Nov", clock: "01:18:49", millis: ".000" });
    expect(dayOf("2020-09-04T00:45:12.123456Z")).toBe("4 Sep 2020");
    expect(fullTime("2020-09-04T00:45:12.000Z")).toBe("4 Sep 2020, 00:45:12");
    expect(fullTime("2020-09-04T00:45:12.5Z")).toBe("4 Sep 2020, 00:45:12.500");
  });

  it("that are none are shown as they are", () => {
    expect(rowTime("yesterday")).toBeUndefined();
    expect(dayOf("2020-13-04T00:45:12Z")).toBe("2020-13-04T00:45:12Z");
  });
});
