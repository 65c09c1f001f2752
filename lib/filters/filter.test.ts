import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors/app-error";
import { kinds } from "@/lib/log-kinds/registry";
import { parseFilterParams } from "./filter";

describe("an integer filter", () => {
  test.each([
    ["9007199254740991", "9007199254740991"],
    ["0200", "200"],
    [" 7 ", "7"],
  ])("%j is %s", (given, value) => {
    expect(parseFilterParams([["latency_ms", given]], kinds)).toEqual([{ field: "latency_ms", value }]);
  });

  test.each(["9007199254740992", "9007199254740993", "9999999999999999", "1e3", "-1", ""])(
    "%j is a 400 and never another number",
    (given) => {
      const parse = () => parseFilterParams([["latency_ms", given]], kinds);
      expect(parse).toThrow(AppError);
      expect(parse).toThrow(expect.objectContaining({ code: "invalid_query" }));
    },
  );
});

describe("a filter of a field with few values", () => {
  test.each(["policy_denial", "POLICY_DENIAL"])("takes %s", (value) => {
    expect(parseFilterParams([["outcome", value]], kinds)).toEqual([{ field: "outcome", value }]);
  });

  test.each(["nope", "policy_denail", ""])(
    "refuses %j and names them: nothing found would say that there is none",
    (value) => {
      expect(() => parseFilterParams([["outcome", value]], kinds)).toThrow(
        "outcome must be one of: success, policy_denial, provider_error, network_error",
      );
    },
  );
});
