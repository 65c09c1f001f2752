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

test("no setting is named that would open an address of a cloud's metadata", () => {
  const closed = (host: string) => {
    const place = { host, port: 5432, database: "d", username: "u" };
    return faultSentence("address_not_allowed", place, true);
  };
  for (const host of ["169.254.169.254", "0xa9fea9fe", "[fd00:ec2::254]"]) {
    expect(closed(host)).not.toContain("AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS");
    expect(closed(host)).toContain("stay closed");
  }
  expect(closed("10.0.0.1")).toContain("AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS");
  expect(closed("10.0.0.1")).not.toContain("closed");
  expect(closed("db.internal.example")).toContain("stays closed all the same");
});
