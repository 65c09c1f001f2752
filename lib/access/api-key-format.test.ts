import { describe, expect, test } from "vitest";
import { keyPrefix, makeApiKey, parseApiKey } from "./api-key-format";

describe("API keys", () => {
  test("a made key is taken apart again", () => {
    for (const mode of ["live", "test"] as const) {
      const { text, ...made } = makeApiKey(mode);
      expect(text).toMatch(new RegExp(`^afd_${mode}_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$`));
      expect(parseApiKey(text)).toEqual(made);
      expect(text.startsWith(`${keyPrefix(made)}_`)).toBe(true);
    }
  });

  test("the form is fixed: a key made once stays valid", () => {
    const parsed = parseApiKey("afd_live_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq_0ZTXm3");
    expect(parsed?.id).toBe("0123456789");
    expect(parsed?.secretHash.toString("hex")).toBe("769e8d95aa246a02d94d48c42fb7183e531c85c41d5b3456ddb90011712d8bd7");
  });

  test("one changed character anywhere is noticed without the database", () => {
    const { text } = makeApiKey("live");
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === "x" ? "y" : "x";
      expect(parseApiKey(text.slice(0, at) + other + text.slice(at + 1)), `position ${at}`).toBeNull();
    }
    for (const bad of ["", text.slice(0, -1), `${text}0`, ` ${text}`, `${text}\n`, text.replaceAll("_", "-")]) {
      expect(parseApiKey(bad)).toBeNull();
    }
  });
});
