import { describe, expect, test } from "vitest";
import { TailQuery, WindowQuery } from "./events";

describe("a time of a query", () => {
  test.each([
    ["1000000000000000", 1_000_000_000_000_000],
    ["1795305600000000", 1_795_305_600_000_000],
    ["0", 0],
    ["1970-01-01T00:00:01Z", 1_000_000],
  ])("%s is read as µs", (text, value) => {
    expect(TailQuery.parse({ created_after: text }).created_after).toBe(value);
  });

  test.each(["1", "1795305600", "1795305600000", "999999999999999"])(
    "%s is in another unit than µs, and the answer says so once",
    (text) => {
      const issues = WindowQuery.safeParse({ from: text }).error?.issues;
      expect(issues).toHaveLength(1);
      expect(issues?.[0]).toMatchObject({ path: ["from"], message: expect.stringContaining("microseconds") });
    },
  );

  test.each(["9007199254740992", "1795305600000000000", "-5", "yesterday", ""])("%j is refused", (text) => {
    expect(WindowQuery.safeParse({ from: text }).success).toBe(false);
  });
});
