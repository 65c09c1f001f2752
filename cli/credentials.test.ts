import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findCredentials } from "./credentials";
import { UsageFault } from "./faults";

const folder = mkdtempSync(path.join(tmpdir(), "affidavit-credentials-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("findCredentials", () => {
  const demo = { url: "http://localhost:3999", api_key: "demo-key" };
  const surroundings = (AFFIDAVIT_URL?: string, AFFIDAVIT_API_KEY?: string) => ({
    dataDir: folder,
    isDataDirGiven: true,
    publicUrl: "http://localhost:3000",
    AFFIDAVIT_URL,
    AFFIDAVIT_API_KEY,
  });
  const found = (...args: Parameters<typeof findCredentials>) => {
    const { url: where, apiKey } = findCredentials(...args);
    return [where.origin, apiKey];
  };

  test("flags before the environment before the demo's file; the demo key never goes elsewhere", () => {
    writeFileSync(path.join(folder, "demo-credentials.json"), JSON.stringify(demo));
    expect(found({}, surroundings())).toEqual(["http://localhost:3999", "demo-key"]);
    expect(found({}, surroundings("https://a.example", "k"))).toEqual(["https://a.example", "k"]);
    expect(found({ url: "https://b.example", key: "f" }, surroundings("https://a.example", "k"))).toEqual([
      "https://b.example",
      "f",
    ]);
    expect(found({ url: "http://127.0.0.1:3999" }, surroundings())).toEqual(["http://127.0.0.1:3999", "demo-key"]);
    expect(() => findCredentials({ url: "https://b.example" }, surroundings())).toThrow(UsageFault);
    expect(() => findCredentials({ url: "http://localhost:4000" }, surroundings())).toThrow(
      /AFFIDAVIT_API_KEY or --key/,
    );
  });

  test("a data folder that was named and has no credentials is not replaced by another", () => {
    const empty = { ...surroundings(), dataDir: path.join(folder, "nobody") };
    expect(() => findCredentials({}, empty)).toThrow(/nobody\/demo-credentials\.json is not there/);
  });
});
