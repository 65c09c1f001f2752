import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { complete, LOCKFILE, type Lockfile, missingFrom } from "./complete-lockfile";

const lockfile = JSON.parse(readFileSync(LOCKFILE, "utf8")) as Lockfile;

test("the lockfile names the packages of every machine, so that `npm ci` takes it", () => {
  // Mended by: node --import tsx scripts/complete-lockfile.ts
  expect(missingFrom(lockfile).map(({ name }) => name)).toEqual([]);
});

test("the lockfile names no registry of anybody's", () => {
  const elsewhere = Object.values(lockfile.packages).filter(
    ({ resolved, link }) => resolved && !link && !resolved.startsWith("https://registry.npmjs.org/"),
  );
  expect(elsewhere).toEqual([]);
});

test("the only links are this repository's own workspaces", () => {
  const links = Object.entries(lockfile.packages).filter(([, { link }]) => link);
  expect(links.map(([place, { resolved }]) => [place, resolved])).toEqual([["node_modules/@affidavit/sdk", "sdk"]]);
});

test("what is added fits no other machine", () => {
  const by = {
    version: "1.0.0",
    dev: true,
    optionalDependencies: { "@x/y-linux-x64-musl": "2.0.0", "@x/y-darwin-arm64": "2.0.0" },
  };
  const { packages } = complete({ packages: { "node_modules/y": by } });
  expect(packages["node_modules/@x/y-linux-x64-musl"]).toEqual({
    version: "2.0.0",
    cpu: ["x64"],
    libc: ["musl"],
    os: ["linux"],
    dev: true,
    optional: true,
  });
  expect(packages["node_modules/@x/y-darwin-arm64"]).toEqual({
    version: "2.0.0",
    cpu: ["arm64"],
    os: ["darwin"],
    dev: true,
    optional: true,
  });
});
