import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTenant, startApi, type TestApi } from "@/lib/testing/api";
import { createTestDatabase } from "@/lib/testing/database";
import { ROOT } from "@/server/places";
import { Affidavit } from "./src/index";
import { SDK } from "./testing/built-sdk";
import { findPython, run } from "./testing/programs";
import { allRows } from "./testing/rows";

/** The package as npm makes it, installed without network: what a user of it gets. */
let api: TestApi;
let folder: string;

beforeAll(async () => {
  await createTestDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "afd-consumer-"));
  const cache = { npm_config_cache: path.join(folder, "npm-cache"), npm_config_update_notifier: "false" };
  const npm = (args: readonly string[]) => run("npm", args, cache);
  await npm(["run", "build", "--prefix", SDK, "--silent"]);
  await npm(["pack", SDK, "--pack-destination", folder, "--silent"]);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(path.join(folder, "package.json"), '{"name":"consumer","private":true,"type":"module"}');
  await npm(["install", "--prefix", folder, "--offline", "--no-audit", "--no-fund", path.join(folder, tarball)]);
  api = await startApi();
});
afterAll(async () => {
  await api?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("it has what is said, and needs nothing", () => {
  const installed = path.join(folder, "node_modules/@affidavit/sdk");
  const { dependencies, version } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"));
  expect(dependencies).toBeUndefined();
  expect(version).toBe(JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")).version);
  expect(readdirSync(installed).sort()).toEqual(["README.md", "dist", "examples", "package.json"]);
  const names = readdirSync(path.join(installed, "dist"));
  expect(names).toEqual(expect.arrayContaining(["index.js", "index.d.ts"]));
  expect(names.filter((name) => /test/.test(name))).toEqual([]);
  expect(readdirSync(path.join(folder, "node_modules")).sort()).toEqual([".package-lock.json", "@affidavit"]);
});

const USE = `
import { Affidavit, AffidavitError, type AuditedFetchOptions, auditedFetch, type CallEvent, findGaps, type Receipt } from "@affidavit/sdk";

const client = new Affidavit({ url: "https://audit.example.com", apiKey: "afd_live_x", spool: { folder: "spool" } });
const event: CallEvent = { kind: "call", outcome: "success", context: { ticket: "OPS-12" }, occurred_at: new Date() };
const receipts: Receipt[] = await client.record([event, { kind: "custom", event_type: "LOGIN" }]);
for (const receipt of receipts) if (receipt.status !== "spooled") receipt.seq.toFixed();
const options: AuditedFetchOptions = { client, provider_id: "crm", policy: ({ method }) => (method === "GET" ? undefined : { deny: "no" }) };
const audited: typeof fetch = auditedFetch(fetch, options);
const response: Response = await audited(new URL("https://example.com"), { signal: AbortSignal.timeout(1) });
for await (const { events, cursor } of client.tail({ after: undefined, follow: true })) {
  const gaps: number = findGaps(events).length + cursor.length + (events[0]?.latency_ms ?? 0);
  response.headers.get(String(gaps));
}
try { await client.flush(); } catch (error) { if (error instanceof AffidavitError) error.problem?.errors?.[0]?.pointer.trim(); }
// @ts-expect-error: no such outcome
const bad: CallEvent = { kind: "call", outcome: "fine" };
// @ts-expect-error: computed by auditedFetch
auditedFetch(fetch, { client, latency_ms: 1 });
// @ts-expect-error: no such field
await client.record({ kind: "call", outcome: "success", reasn: "typo" });
export { bad };
`;

test.each([
  ["@types/node", { lib: ["ES2022"], types: ["node"] }],
  ["TypeScript's dom", { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] }],
])("its types hold in a project with nodenext and %s", async (_, options) => {
  const place = path.join(folder, "types");
  rmSync(place, { recursive: true, force: true });
  cpSync(path.join(folder, "node_modules"), path.join(place, "node_modules"), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules/@types"), path.join(place, "node_modules/@types"));
  writeFileSync(path.join(place, "package.json"), '{"type":"module"}');
  writeFileSync(path.join(place, "use.ts"), USE);
  const compilerOptions = { module: "nodenext", moduleResolution: "nodenext", strict: true, noEmit: true, ...options };
  writeFileSync(path.join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  await run(process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), "-p", place]);
});

/** Every program of the documentation, by its language. */
const PROGRAMS = ["docs/sdk.md", "docs/python.md", "sdk/README.md", "sdk/python/README.md"].flatMap((page) =>
  [...readFileSync(path.join(ROOT, page), "utf8").matchAll(/^```(js|python)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", text = ""], index) => ({ name: `${page}, program ${index + 1}`, language, text }),
  ),
);

describe("every program of the documentation runs", () => {
  test("there are some of each", () => {
    expect(PROGRAMS.filter(({ language }) => language === "js").length).toBeGreaterThanOrEqual(7);
    expect(PROGRAMS.filter(({ language }) => language === "python").length).toBeGreaterThanOrEqual(5);
  });

  test.each(PROGRAMS)("$name", async ({ language, text }) => {
    const tenant = await makeTenant("Reader");
    const client = new Affidavit({ url: api.url, apiKey: tenant.key });
    await client.record({ kind: "call", outcome: "policy_denial", reason: "A row to find" });
    // It loads from the installed package, and may leave a spool where it stands.
    const file = path.join(folder, language === "js" ? "program.mjs" : "program.py");
    writeFileSync(
      file,
      `${language === "js" ? `process.chdir(${JSON.stringify(folder)});\n` : `import os; os.chdir(${JSON.stringify(folder)})\n`}${text}`,
    );
    const env = { AFFIDAVIT_URL: api.url, AFFIDAVIT_API_KEY: tenant.key };
    await run(language === "js" ? process.execPath : findPython(), [file], env);
    if (/record\(|auditedFetch\(/.test(text)) expect((await allRows(client)).length).toBeGreaterThan(1);
    await client.close();
  });
});
