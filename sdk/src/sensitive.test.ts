import fc from "fast-check";
import { expect, test } from "vitest";
import { maskUrl as serverMaskUrl, stripHeaders } from "@/lib/log-kinds/call/sensitive";
import { headersForRow, isSensitiveHeader, maskUrl } from "./sensitive";

const words =
  "x auth authorization api key token access secret id session cookie user csrf amz date goog set jwt".split(" ");
const name = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
  .chain((parts) => fc.constantFrom("-", "_", "").map((joint) => parts.join(joint)));

test("headers are told apart as the server does", () => {
  fc.assert(
    fc.property(fc.oneof(name, fc.string()), (header) => {
      const { stripped } = stripHeaders({ [header]: "v" }, new Set());
      expect(isSensitiveHeader(header, new Set())).toBe(stripped.length > 0);
    }),
    { numRuns: 500 },
  );
});

test("addresses are masked as the server does", () => {
  const piece = fc.oneof(name, fc.constantFrom(..."https:// // u : @ host / \\ ? & = ; # [ ] % %5B code é".split(" ")));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
      expect(maskUrl(parts.join(""))).toBe(serverMaskUrl(parts.join("")));
    }),
    { numRuns: 500 },
  );
});

test("a sensitive header keeps its name and loses its value; what no row can hold is cut", () => {
  const headers: [string, string][] = [
    ["authorization", "Bearer s3cret"],
    ["x-mine", "s3cret"],
    ["accept", "*/*"],
    ["x-long", "a".repeat(20_000)],
  ];
  const kept = headersForRow(headers, new Set(["x-mine"]));
  expect(kept).toMatchObject({ authorization: "***", "x-mine": "***", accept: "*/*" });
  expect(kept["x-long"]).toHaveLength(16_384);
  const many = Array.from({ length: 5_000 }, (_, n): [string, string] => [`x-${n}`, "v".repeat(100)]);
  expect(Object.keys(headersForRow(many, new Set())).length).toBeLessThanOrEqual(200);
});
