import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCheckout, npm } from "./testing/built-sdk";
import { run } from "./testing/programs";
import { ROOT } from "./testing/sdk-places";

/** The package as npm makes it in a checkout where nothing was built, installed without network: what a user of it gets. */
const checkout = makeCheckout();
const folder = mkdtempSync(path.join(tmpdir(), "afd-consumer-"));

beforeAll(async () => {
  expect(existsSync(path.join(checkout.folder, "sdk/dist"))).toBe(false);
  await npm(checkout.folder, ["pack", "-w", "sdk", "--ignore-scripts=false", "--pack-destination", folder, "--silent"]);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(path.join(folder, "package.json"), '{"name":"consumer","private":true,"type":"module"}');
  await npm(folder, ["install", "--no-audit", "--no-fund", path.join(folder, tarball)]);
});
afterAll(() => {
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("it has what is said, and needs nothing", () => {
  const installed = path.join(folder, "node_modules/@affidavit/sdk");
  const { dependencies, version } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"));
  expect(dependencies).toBeUndefined();
  expect(version).toBe(JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")).version);
  expect(readdirSync(installed).sort()).toEqual(["README.md", "dist", "examples", "package.json"]);
  const names = readdirSync(path.join(installed, "dist"), { recursive: true, encoding: "utf8" });
  expect(names).toEqual(expect.arrayContaining(["sdk/src/index.js", "sdk/src/index.d.ts", "lib/redact/redact.js"]));
  expect(names.filter((name) => /test|cases/.test(name))).toEqual([]);
  expect(readdirSync(path.join(folder, "node_modules")).sort()).toEqual([".package-lock.json", "@affidavit"]);
});

test("its redactor alone works in plain Node", async () => {
  const program = path.join(folder, "redact.mjs");
  writeFileSync(
    program,
    `import { MOST_TEXT, redactMessage, redactSql } from "@affidavit/sdk/redact";
    const sql = redactSql("select 'secret', 12345 -- note", "postgres", () => 7);
    const message = redactMessage("Key (email)=(ana@example.com) already exists.", "postgres");
    const long = redactSql("x".repeat(MOST_TEXT + 1), "unknown");
    console.log(JSON.stringify([sql, message.text, long.redaction.verdict]));`,
  );
  expect(JSON.parse(await run(process.execPath, [program]))).toEqual([
    {
      text: "select 'literal_string', 7 /* comment */",
      redaction: { engine: "1.1.0", dialect: "postgres", verdict: "full" },
    },
    "Key (email)='literal_string'",
    "failed_closed",
  ]);
});

const USE = `
import { Affidavit, AffidavitError, type AuditedFetchOptions, auditedFetch, type CallEvent, findGaps, type QueryEvent, type Receipt } from "@affidavit/sdk";
import { type Dialect, type Redacted, redactMessage, redactSql } from "@affidavit/sdk/redact";

const client = new Affidavit({ url: "https://audit.example.com", apiKey: "afd_live_x", spool: { folder: "spool" } });
const event: CallEvent = { kind: "call", outcome: "success", context: { ticket: "OPS-12" }, occurred_at: new Date() };
const receipts: Receipt[] = await client.record([event, { kind: "custom", event_type: "LOGIN", content_type: "application/json", event_details: {} }]);
for (const receipt of receipts) if (receipt.status !== "spooled") receipt.seq.toFixed();
const options: AuditedFetchOptions = { client, provider_id: "crm", policy: ({ method }) => (method === "GET" ? undefined : { deny: "no" }) };
const audited: typeof fetch = auditedFetch(fetch, options);
const response: Response = await audited(new URL("https://example.com"), { signal: AbortSignal.timeout(1) });
for await (const { events, cursor } of client.tail({ after: undefined, follow: true })) {
  const gaps: number = findGaps(events).length + cursor.length + (events[0]?.latency_ms ?? 0);
  response.headers.get(String(gaps));
}
try { await client.flush(); } catch (error) { if (error instanceof AffidavitError) error.problem?.errors?.[0]?.pointer.trim(); }
const query: QueryEvent = { kind: "query", query_text: "select 1", data_source_type: "postgres", completed_at: new Date() };
const dialect: Dialect = "unknown";
const redacted: Redacted = redactSql("select 1", dialect);
redactMessage(redacted.text, query.data_source_type ?? "mysql").redaction.verdict.trim();
// @ts-expect-error: set by the server
await client.record({ kind: "query", redaction: {} });
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
