import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (address: string) => fileURLToPath(new URL(address, import.meta.url));

/** `server-only` throws outside a server bundle; under test it is what it is under --conditions=react-server: nothing. */
const resolve = { alias: { "@": at("."), "server-only": at("./node_modules/server-only/empty.js") } };
const ELSEWHERE = ["node_modules/**", ".next/**", "e2e/**", "data/**"];

/** On a busy machine what comes in milliseconds may take seconds; waiting longer never turns a wrong answer into a right one. */
const PATIENT = { timeout: 30_000 };

export default defineConfig({
  resolve,
  test: {
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          expect: { poll: PATIENT },
          include: ["**/*.test.{ts,tsx}"],
          exclude: ["**/*.int.test.ts", ...ELSEWHERE],
          setupFiles: [at("./lib/testing/loud-console.ts")],
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve,
        test: {
          name: "int",
          expect: { poll: PATIENT },
          include: ["**/*.int.test.ts"],
          exclude: ELSEWHERE,
          globalSetup: [at("./lib/testing/global-setup.ts")],
          setupFiles: [at("./lib/testing/loud-console.ts"), at("./lib/testing/int-setup.ts")],
          // Each file loads PostgreSQL and itself: more at once than cores only makes deadlines tight.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
