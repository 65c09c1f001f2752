import { expect, test } from "vitest";
import { faultSentence } from "./fault-words";

const CODES = ["host_not_found", "address_not_allowed", "refused", "timed_out"] as const;
const said = (host: string, toAdmin: boolean) => {
  const place = { host, port: 5432, database: "d", username: "u" };
  return new Set(CODES.map((code) => faultSentence(code, place, toAdmin)));
};

test("whether a name is known inside, and leads there, is told only to who sees the whole organization", () => {
  expect(said("db.internal.example", false).size).toBe(1);
  expect(said("db.internal.example", true).size).toBe(4);
  expect(said("10.0.0.1", false)).toContain(
    faultSentence("address_not_allowed", { host: "10.0.0.1", port: 5432, database: "d", username: "u" }, true),
  );
});
