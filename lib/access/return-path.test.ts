import { expect, it } from "vitest";
import { returnPath } from "./return-path";

it.each([
  ["/logs/calls?app=1&outcome=success", "/logs/calls?app=1&outcome=success"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["https://evil.example/", "/"],
  ["javascript:alert(1)", "/"],
  ["", "/"],
  [undefined, "/"],
  [["/a", "/b"], "/"],
])("leads back into this site only: %j", (asked, path) => expect(returnPath(asked)).toBe(path));
