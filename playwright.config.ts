import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig, devices } from "@playwright/test";

/**
 * Two servers for the journeys, each with its own embedded database in a fresh folder: one with demo data
 * (AFFIDAVIT_E2E_URL; demo-credentials.json lies in AFFIDAVIT_E2E_DATA), one without, waiting for its first owner
 * (AFFIDAVIT_E2E_SETUP_URL, AFFIDAVIT_E2E_SETUP_TOKEN). Playwright reads this file again in every worker; the variables
 * keep what the first reading chose.
 */
const FREE_PORT =
  "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})";

function choose(name: string, make: () => string): string {
  const value = process.env[name] ?? make();
  process.env[name] = value;
  return value;
}
const freePort = () => execFileSync(process.execPath, ["-e", FREE_PORT], { encoding: "utf8" }).trim();
/** Enterable by the user that runs PostgreSQL when we are root. `npm test` names folders of its own and removes them. */
const folder = (name: string) => () => {
  const made = mkdtempSync(path.join(tmpdir(), `affidavit-e2e-${name}-`));
  chmodSync(made, 0o711);
  return made;
};

const port = choose("AFFIDAVIT_E2E_PORT", freePort);
const url = choose("AFFIDAVIT_E2E_URL", () => `http://localhost:${port}`);
const data = choose("AFFIDAVIT_E2E_DATA", folder("demo"));
const setupPort = choose("AFFIDAVIT_E2E_SETUP_PORT", freePort);
choose("AFFIDAVIT_E2E_SETUP_URL", () => `http://localhost:${setupPort}`);
const setupData = choose("AFFIDAVIT_E2E_SETUP_DATA", folder("setup"));

const system = "/usr/bin/chromium";
const executablePath = process.env.AFFIDAVIT_E2E_CHROMIUM ?? (existsSync(system) ? system : undefined);

/** Whatever this shell has set must not leak in: a DATABASE_URL of somebody's would be written to. */
const own = {
  DATABASE_URL: "",
  AFFIDAVIT_URL: "",
  AFFIDAVIT_SECRET: "",
  NODE_ENV: "production",
  AFFIDAVIT_HOST: "127.0.0.1",
};
const server = {
  command: "npm start",
  timeout: 180_000,
  gracefulShutdown: { signal: "SIGTERM", timeout: 12_000 },
} as const;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: false,
  // One browser and three server processes already fill two cores.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // axe alone took 50 s on a page of 200 rows when something else had both cores.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: { ...devices["Desktop Chrome"], baseURL: url, trace: "retain-on-failure", launchOptions: { executablePath } },
  webServer: [
    {
      ...server,
      name: "demo",
      url: `${url}/readyz`,
      env: {
        ...own,
        PORT: port,
        AFFIDAVIT_DATA_DIR: data,
        AFFIDAVIT_DEMO: "1",
        // The data source of e2e/data-sources.spec.ts runs on this machine.
        AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS: "127.0.0.1/32",
      },
    },
    {
      ...server,
      name: "setup",
      wait: { stdout: /\/setup#token=(?<affidavit_e2e_setup_token>\S+)/ },
      env: { ...own, PORT: setupPort, AFFIDAVIT_DATA_DIR: setupData, AFFIDAVIT_DEMO: "0" },
    },
  ],
});
