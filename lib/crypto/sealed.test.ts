import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
  dataKeyIdOf,
  SealBroken,
  type SecretPlace,
  seal,
  unseal,
  unwrapDataKey,
  wrapDataKey,
  wrapNewDataKey,
} from "./sealed";

const orgId = randomUUID();
const keyId = randomUUID();
const place: SecretPlace = { orgId, table: "DataSource", column: "sealedPassword", rowId: randomUUID() };
const key = unwrapDataKey(orgId, keyId, wrapNewDataKey(orgId, keyId));

test("what was sealed opens in its place, whatever the text", () => {
  for (const text of ["", "canary-1f0c", "\0\u202e😀", "x".repeat(10_000)])
    expect(unseal(key, place, seal(key, place, text))).toBe(text);
});

test("a sealed text shows nothing of itself, and is another one each time", () => {
  const sealed = [1, 2, 3].map(() => seal(key, place, "canary-1f0c").toString("latin1"));
  for (const one of sealed) expect(one).not.toContain("canary");
  expect(new Set(sealed).size).toBe(3);
});

test.each([
  ["organization", { ...place, orgId: randomUUID() }],
  ["table", { ...place, table: "Destination" }],
  ["column", { ...place, column: "other" }],
  ["row", { ...place, rowId: randomUUID() }],
] as const)("moved to another %s it does not open", (_what, elsewhere) => {
  expect(() => unseal(key, elsewhere, seal(key, place, "canary"))).toThrow(SealBroken);
});

test("a sealed text with any byte changed, or cut, does not open", () => {
  const sealed = seal(key, place, "canary");
  for (let at = 17; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => unseal(key, place, changed), `byte ${at}`).toThrow(SealBroken);
  }
  expect(() => unseal(key, place, sealed.subarray(0, -1))).toThrow(SealBroken);
  expect(() => unseal(key, place, sealed.subarray(0, 20))).toThrow(SealBroken);
});

test("it names the key that it needs; another key does not open it", () => {
  const sealed = seal(key, place, "canary");
  expect(dataKeyIdOf(sealed)).toBe(keyId);
  const other = unwrapDataKey(orgId, keyId, wrapNewDataKey(orgId, keyId));
  expect(() => unseal(other, place, sealed)).toThrow(SealBroken);
  expect(() => dataKeyIdOf(Buffer.from([2, ...sealed.subarray(1)]))).toThrow(SealBroken);
  expect(() => dataKeyIdOf(Buffer.alloc(4, 1))).toThrow(SealBroken);
});

test("a data key that is wrapped anew opens what it sealed before: a rotation touches no secret", () => {
  const sealed = seal(key, place, "canary");
  const again = unwrapDataKey(orgId, keyId, wrapDataKey(orgId, key));
  expect(unseal(again, place, sealed)).toBe("canary");
});

test("a wrapped data key opens for its organization and id only, and by a wrapping key that there is", () => {
  const wrapped = wrapNewDataKey(orgId, keyId);
  expect(() => unwrapDataKey(randomUUID(), keyId, wrapped)).toThrow(SealBroken);
  expect(() => unwrapDataKey(orgId, randomUUID(), wrapped)).toThrow(SealBroken);
  expect(() => unwrapDataKey(orgId, keyId, Buffer.from([9, ...wrapped.subarray(1)]))).toThrow(SealBroken);
});
