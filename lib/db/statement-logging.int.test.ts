import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { useCluster } from "@/lib/testing/database";
import { controlClient } from "./control-client";
import { closePools, ingestPool } from "./pools";
import { closePrisma } from "./prisma";
import { statementLoggingWarnings } from "./statement-logging";

let cluster: TestCluster;
/** As PostgreSQL is out of its box, and so is many a server that somebody brings. */
const OUT_OF_THE_BOX = {
  log_min_error_statement: "error",
  log_error_verbosity: "default",
  log_parameter_max_length: "-1",
  log_parameter_max_length_on_error: "-1",
};
beforeAll(async () => {
  cluster = await startTestCluster(OUT_OF_THE_BOX);
  await useCluster(cluster);
});
afterAll(async () => {
  await Promise.all([closePools(), closePrisma()]);
  await cluster.remove();
});

async function warningsWith(settings: Record<string, string>): Promise<string[]> {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const client = new pg.Client({ connectionString: cluster.url, options: options.join(" ") });
  await client.connect();
  try {
    return await statementLoggingWarnings(client);
  } finally {
    await client.end();
  }
}

test("a server that logs parameters is named with the setting and the remedy", async () => {
  expect(await warningsWith({})).toEqual([]);
  expect(await warningsWith({ log_statement: "ddl" })).toEqual([]);
  expect(await warningsWith({ log_statement: "all", log_parameter_max_length: "0" })).toEqual([]);
  expect(await warningsWith({ log_min_duration_statement: "250" })).toEqual([
    "PostgreSQL writes rows of the log into its own log (log_min_duration_statement = 250ms): as a superuser, ALTER ROLE <our user> SET log_parameter_max_length = 0, then start again.",
  ]);
  const all = { log_statement: "mod", log_min_duration_sample: "0", log_transaction_sample_rate: "0.5" };
  const others = { "auto_explain.log_min_duration": "0", "pgaudit.log_parameter": "on" };
  expect(await warningsWith({ ...all, ...others })).toHaveLength(5);
});

test("a statement of ours that fails leaves nothing of its parameters", async () => {
  const log = () => readFileSync(path.join(cluster.folder, "postgres.log"), "utf8");
  const failing = "select 1 / (length($1::text) - length($1::text))";
  await expect(ingestPool().query(failing, ["canary-1"])).rejects.toThrow("division by zero");
  await expect(controlClient().$queryRawUnsafe(failing, "canary-2")).rejects.toThrow("division by zero");
  const bare = new pg.Client({ connectionString: cluster.url });
  await bare.connect();
  await expect(bare.query(failing, ["canary-3"])).rejects.toThrow("division by zero");
  await bare.end();
  await expect.poll(log).toContain("canary-3");
  expect(log()).not.toMatch(/canary-[12]/);
});
