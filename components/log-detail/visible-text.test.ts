import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineText, visibleJson, visibleText } from "./visible-text";

describe("visibleJson", () => {
  it("shows what would hide or rearrange text", () => {
    expect(visibleJson("a\u202eb\u200bc\u0000d\u2028e\u{e0041}")).toBe(
      '"a\\u202eb\\u200bc\\u0000d\\u2028e\\udb40\\udc41"',
    );
  });

  it("leaves letters, emoji and its own line feeds alone", () => {
    expect(visibleJson({ name: "Zoë 東京 🦊" })).toBe('{\n  "name": "Zoë 東京 🦊"\n}');
  });

  it("is still the same JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(visibleJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("visibleText", () => {
  it("keeps a cell on one line", () => {
    expect(visibleText("GET /\r\nHost: x\u001b[31m")).toBe("GET /\\u000d\\u000aHost: x\\u001b[31m");
  });
});

describe("lineText", () => {
  it("reads a laid out statement as one line, and hides nothing else", () => {
    expect(lineText("select a,\r\n\tb\nfrom t\u001b[31m\u202e\u2028")).toBe(
      "select a,  b from t\\u001b[31m\\u202e\\u2028",
    );
  });
});
