import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "@/cli/affidavit";
import { type ApiDocument, endpointsOf } from "@/components/api-reference/openapi";
import { curlOf } from "@/components/api-reference/sample";
import document from "@/docs/api/openapi.json";
import { ask, makeTenant, startApi, type Tenant, type TestApi } from "@/lib/testing/api";
import { startTestCluster, type TestCluster } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { lastJson, missingMembers, type Ran, runSamples, type Sample, samplesOf } from "@/lib/testing/doc-samples";
import { openPrivateNetworks } from "@/lib/testing/private-networks";
import { ROOT } from "@/lib/testing/program";
import { makeCheckout, npm } from "@/sdk/testing/built-sdk";

openPrivateNetworks("127.0.0.1/32");

/** Why a sample may not run here; `no-run: <one of these>`. */
const REASONS = [
  "installs packages",
  "starts the server",
  "runs until Ctrl-C",
  "needs your own PostgreSQL",
  "runs on the server's machine",
  "needs a server's logs",
];

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/api/README.md",
  "sdk/README.md",
  "sdk/python/README.md",
  ...readdirSync(path.join(ROOT, "docs"))
    // csv.int.test.ts runs the quick CSV's: it needs rows with texts of every kind.
    .filter((name) => name.endsWith(".md") && name !== "csv.md")
    .map((name) => `docs/${name}`),
].filter((page) => existsSync(path.join(ROOT, page)));

const events = [1, 2].map((n) => JSON.stringify({ kind: "call", outcome: "success", latency_ms: n })).join("\n");
const trail = readFileSync(path.join(ROOT, "cli/fixtures/cloudtrail.ndjson"));
/** Files that the pages speak of as the reader's own. */
const files = {
  "events.ndjson": events,
  "trail.json": trail,
  "trail.json.gz": gzipSync(trail),
  "other.json": trail,
  "other.json.gz": gzipSync(trail),
  "my-trail.json.gz": gzipSync(trail),
  "postgresql.json": readFileSync(path.join(ROOT, "cli/fixtures/postgres-15-pgaudit.jsonlog")),
};

/** Where a reader stands: programs import the SDK as Node finds it after `npm ci` and a build, not this one's sources. */
const checkout = makeCheckout();
const packages = path.join(checkout.folder, "node_modules");
let api: TestApi;
let sourceServer: TestCluster;
beforeAll(async () => {
  await createTestDatabase();
  await npm(checkout.folder, ["ci"]);
  await npm(checkout.folder, ["run", "build", "-w", "sdk"]);
  [api, sourceServer] = await Promise.all([startApi(), startTestCluster()]);
});
afterAll(async () => {
  checkout.remove();
  await Promise.all([api.close(), sourceServer.remove()]);
});

/** What a page asks its reader to set beforehand. */
const ASKS = /with\s`AFFIDAVIT_URL`\sand\s`AFFIDAVIT_API_KEY`\sset/;

/** A reader with an organization of their own, as after a first start. */
async function readAlong(page: string, samples: readonly Sample[], asked = false): Promise<Ran> {
  const { key, appId, orgId } = await makeTenant(page);
  await ask(api, key, `/v1/apps/${appId}`, { method: "PATCH", body: { name: "Demo app" } });
  const credentials = { api_key: key, app_id: appId, org_id: orgId };
  const environment: Record<string, string> = asked ? { AFFIDAVIT_URL: api.url, AFFIDAVIT_API_KEY: key } : {};
  return runSamples(samples, { url: api.url, credentials, files, environment, packages });
}

/** A data source with a server behind it, as the samples of its operations want one. */
async function connectSource({ key, appId }: Tenant): Promise<string> {
  const admin = new pg.Client({ connectionString: sourceServer.url });
  await admin.connect();
  await admin.query("create role reader login password 'example'; create table people (id int primary key)");
  await admin.end();
  const body = {
    name: "Behind the samples",
    app_id: appId,
    type: "postgres",
    host: "127.0.0.1",
    port: Number(new URL(sourceServer.url).port),
    database: "affidavit",
    username: "reader",
    password: "example",
    tls: "disable",
    tls_reason: "a test on one machine",
  };
  return (await ask(api, key, "/v1/data-sources", { body })).body.id as string;
}

const isRun = (sample: Sample) => sample.language !== "json" && sample.info === "";

/** An info string is one of a few, so that nobody marks a sample as not to be run for convenience. */
function expectMarked(page: string, sample: Sample): void {
  const allowed = sample.language === "json" ? ["", "answer"] : ["", ...REASONS.map((reason) => `no-run: ${reason}`)];
  expect(allowed, `${page}:${sample.line}`).toContain(sample.info);
}

describe.concurrent("every sample of", () => {
  test.each(pages)("%s runs", async (page) => {
    const markdown = readFileSync(path.join(ROOT, page), "utf8");
    const samples = samplesOf(markdown);
    for (const sample of samples) expectMarked(page, sample);
    const run = samples.filter(isRun);
    const { code, outputs, report } = await readAlong(page, run, ASKS.test(markdown));
    expect(code, `${page}, ${report}`).toBe(0);
    for (const sample of samples.filter(({ language }) => language === "json")) {
      const documented: unknown = JSON.parse(sample.text);
      const before = samples.slice(0, samples.indexOf(sample)).findLast(isRun);
      const real = sample.info === "answer" ? lastJson(outputs[run.indexOf(before as Sample)] ?? "") : documented;
      expect(missingMembers(documented, real), `${page}:${sample.line}`).toEqual([]);
    }
  });

  test("the reference at /docs/api runs", async () => {
    const tenant = await makeTenant("reference");
    const event = await ask(api, tenant.key, "/v1/events", { body: { kind: "call", outcome: "success" } });
    const key = await ask(api, tenant.key, "/v1/api-keys", {
      body: { name: "one", app_id: tenant.appId, scopes: ["events:read"] },
    });
    const endpoints = endpointsOf(document as unknown as ApiDocument);
    // What takes something out of use comes last: others want it.
    const isLast = ({ method }: { method: string }) => Number(method === "DELETE");
    const inOrder = endpoints.toSorted((one, other) => isLast(one) - isLast(other));
    const samples = inOrder.map((endpoint): Sample => ({ language: "sh", info: "", text: curlOf(endpoint), line: 0 }));
    const { code, report } = await runSamples(samples, {
      url: api.url,
      credentials: { api_key: "", app_id: "", org_id: "" },
      files: {},
      packages,
      environment: {
        AFFIDAVIT_URL: api.url,
        AFFIDAVIT_API_KEY: tenant.key,
        APP_ID: tenant.otherAppId,
        KEY_ID: key.body.id as string,
        SOURCE_ID: await connectSource(tenant),
        EVENT_ID: event.body.receipts[0].id as string,
      },
    });
    expect(code, report).toBe(0);
    expect(samples.length).toBeGreaterThan(10);
  });

  test("affidavit <command> --help runs", async () => {
    const examples = commands
      .flatMap((command) => command.examples)
      .filter(({ isEndless, isOnHost }) => !isEndless && !isOnHost);
    const samples = examples.map(({ line }): Sample => ({ language: "sh", info: "", text: line, line: 0 }));
    const { code, report } = await readAlong("Demo", samples);
    expect(code, report).toBe(0);
  });
});

test("a sample that fails, or whose request does, is noticed", async () => {
  const sh = (text: string): Sample => ({ language: "sh", info: "", text, line: 7 });
  for (const text of [
    "false",
    `curl "http://localhost:3000/v1/events"`,
    "npx affidavit search --last 1h --key wrong",
  ]) {
    const { code, report } = await readAlong("failing", [sh("true"), sh(text)]);
    expect(code, text).not.toBe(0);
    expect(report).toContain(text);
  }
  expect((await readAlong("failing", [{ language: "js", info: "", text: "throw 1", line: 1 }])).code).not.toBe(0);
  expect((await readAlong("failing", [{ language: "python", info: "", text: "exit(3)", line: 1 }])).code).toBe(3);
  expect(samplesOf("```sh\na\n```\n\n```\nb\n```\n```json answer\n{}\n```")).toEqual([
    { language: "sh", info: "", text: "a", line: 2 },
    { language: "json", info: "answer", text: "{}", line: 9 },
  ]);
  expect(missingMembers({ a: [{ b: 1, c: 2 }], d: 1 }, { a: [{ b: 3 }], d: 2 })).toEqual([".a[].c"]);
});
