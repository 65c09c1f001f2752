import { describe, expect, it } from "vitest";
import { dayOf, distanceText, fullTime, rowTime } from "./time-text";

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

  it("lie apart by words that people use", () => {
    const from = (ms: number) => distanceText(new Date(0).toISOString(), new Date(ms).toISOString());
    expect(from(400)).toBe("1 s");
    expect(from(59_000)).toBe("59 s");
    expect(from(3 * 3_600_000)).toBe("3 h");
    expect(from(-3 * 3_600_000 - 720_000)).toBe("3 h 12 min");
    expect(from(1_500 * 86_400_000 + 3_600_000)).toBe("1,500 d 1 h");
  });
});
