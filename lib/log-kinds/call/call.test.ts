import { describe, expect, test } from "vitest";
import { call } from "./call";

describe("the input schema of a call", () => {
  test("a member of context named __proto__ is kept like any other", () => {
    const context = JSON.parse('{"__proto__":{"a":1},"constructor":null,"x":{"__proto__":2}}');
    const parsed = call.input.parse({ outcome: "success", context });
    expect(JSON.stringify(parsed.context)).toBe(JSON.stringify(context));
  });

  test("a header named __proto__ and an unknown member of that name are refused, not dropped", () => {
    const header = JSON.parse('{"outcome":"success","request_headers":{"__proto__":"x"}}');
    expect(call.input.safeParse(header).error?.issues[0]?.path).toEqual(["request_headers"]);
    const member = JSON.parse('{"outcome":"success","__proto__":{"a":1}}');
    expect(call.input.safeParse(member).error?.issues[0]).toMatchObject({
      path: ["__proto__"],
      message: "is not a field of this kind",
    });
  });

  test.each([[[]], ["text"], [1]])("context %j is refused, null is absent", (context) => {
    expect(call.input.safeParse({ outcome: "success", context }).success).toBe(false);
    expect(call.input.parse({ outcome: "success", context: null })).toEqual({ outcome: "success" });
  });

  test("HTTP/2's pseudo-headers are kept; what is no header name is refused", () => {
    const headers = { ":status": "200", ":path": "/a", accept: "*/*" };
    expect(call.input.parse({ outcome: "success", response_headers: headers }).response_headers).toEqual(headers);
    for (const name of ["Proxy-Authorization\u0000", ":authorization", "a b", ""]) {
      const refused = call.input.safeParse({ outcome: "success", request_headers: { [name]: "x" } });
      expect(refused.error?.issues[0]?.path).toEqual(["request_headers", name]);
    }
  });
});
