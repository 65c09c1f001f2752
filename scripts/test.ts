import path from "node:path";
import { NEXT_DIST, ROOT } from "../server/places";
import { buildPortal, needsBuild } from "../server/portal-build";
import { explain } from "../server/terminal";
import { findChromium } from "./chromium";
import { ensurePrismaClient } from "./generate-prisma";
import { check, runBin, runPlaywright, runVitest, type Tally } from "./test-steps";

const CODE = ["app", "components", "lib", "server", "cli", "sdk", "bench", "scripts", "proxy.ts"];

/** Next's own types of routes and style sheets are made files; without them the compiler knows no .css. */
async function typecheck(): Promise<Tally> {
  const made = await runBin("next", ["typegen"], { NEXT_TELEMETRY_DISABLED: "1" });
  return check((await runBin("tsc", ["--noEmit"])) && made);
}

async function build(): Promise<Tally> {
  const settings = { root: ROOT, dist: NEXT_DIST, log: path.join(ROOT, "node_modules/.cache/affidavit-build.log") };
  if (needsBuild(settings)) await buildPortal(settings);
  return check(true);
}

async function browserTests(): Promise<Tally> {
  const chromium = findChromium();
  if (chromium) return runPlaywright(chromium);
  console.error("There is no Chromium and none could be had: install Debian's package chromium.");
  return check(false);
}

const STEPS: [string, () => Promise<Tally> | Tally][] = [
  ["Database client (prisma generate)", () => check(ensurePrismaClient() || true)],
  ["Format and lint (biome)", async () => check(await runBin("biome", ["check", "--error-on-warnings", "."]))],
  ["Types (tsc)", typecheck],
  [
    "Import directions (dependency-cruiser)",
    async () => check(await runBin("depcruise", ["--config", ".dependency-cruiser.cjs", ...CODE])),
  ],
  ["Unused code (knip)", async () => check(await runBin("knip", ["--no-progress"]))],
  ["Build (next build)", build],
  ["Unit and integration tests (vitest)", runVitest],
  ["Browser tests (playwright)", browserTests],
];

async function runStep([title, step]: (typeof STEPS)[number]): Promise<Tally> {
  console.log(`\n━━ ${title} ━━`);
  const begun = Date.now();
  const tally = await Promise.resolve()
    .then(step)
    .catch((error: unknown) => {
      console.error(explain(error));
      return check(false);
    });
  console.log(
    `${tally.failed === 0 ? "✓" : "✗"} ${title}: ${tally.passed} passed, ${tally.failed} failed, ${((Date.now() - begun) / 1000).toFixed(1)} s`,
  );
  return tally;
}

// Every step runs whatever came of the one before: one run tells all.
const total: Tally = { passed: 0, failed: 0 };
for (const step of STEPS) {
  const { passed, failed } = await runStep(step);
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
