import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "@/server/places";
import { ensureSdk } from "./build-sdk";

const folder = mkdtempSync(path.join(tmpdir(), "afd sdk-"));
const sdk = (...names: string[]) => path.join(folder, "sdk", ...names);
mkdirSync(sdk("src"), { recursive: true });
for (const name of ["package.json", "tsconfig.json"]) cpSync(path.join(ROOT, "sdk", name), sdk(name));
symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

let minutes = 0;
/** Writes a source as if some minutes later. */
function write(name: string, text: string): void {
  writeFileSync(sdk("src", name), text);
  minutes += 1;
  const later = new Date(Date.now() + minutes * 60_000);
  utimesSync(sdk("src", name), later, later);
}
const built = () => readFileSync(sdk("dist/sdk/src/index.js"), "utf8");

test("the SDK is built where it is absent or older than any source, and says what it cannot compile", () => {
  expect(ensureSdk(sdk("nowhere"))).toBe(false);
  writeFileSync(sdk("src/index.ts"), 'export * from "./one.ts";\n');
  writeFileSync(sdk("src/one.ts"), "export const one: number = 1;\n");
  expect(ensureSdk(folder)).toBe(true);
  expect(built()).toContain('"./one.js"');
  expect(statSync(sdk("dist/sdk/src/one.d.ts")).size).toBeGreaterThan(0);
  expect(ensureSdk(folder)).toBe(false);

  write("one.ts", "export const one: number = 2;\n");
  expect(ensureSdk(folder)).toBe(true);
  expect(readFileSync(sdk("dist/sdk/src/one.js"), "utf8")).toContain("2");

  write("one.ts", 'export const one: number = "3";\n');
  expect(() => ensureSdk(folder)).toThrow(/could not be built: .*one\.ts.* not assignable/);
}, 60_000);
