import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deriveKey, rootSecretOf } from "./secrets";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "afd-secret-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a root secret is made once, for our eyes only", () => {
  const made = rootSecretOf(folder);
  expect(made).toMatch(/^[\w-]{64}$/);
  expect(rootSecretOf(folder)).toBe(made);
  expect(statSync(path.join(folder, "secret")).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(folder, "secret"), "utf8")).toBe(`${made}\n`);
});

test("one that was cut short is refused, not used", () => {
  writeFileSync(path.join(folder, "secret"), "short");
  expect(() => rootSecretOf(folder)).toThrow("is damaged");
});

test("keys differ by label and never change", () => {
  vi.stubEnv("AFFIDAVIT_SECRET", "x".repeat(40));
  expect(deriveKey("one")).toEqual(deriveKey("one"));
  expect(deriveKey("one")).not.toEqual(deriveKey("two"));
  // Taken by hand with another HKDF: a change here would sign everybody out and make every event id a conflict.
  expect(deriveKey("one").toString("hex")).toBe("4262f506ea50b86995013a04f61d044547e9046768217fcc7adbda30342e2957");
});
