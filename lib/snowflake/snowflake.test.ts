import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { direct } from "./direct";
import { GATEWAYS, gateways } from "./gateways";
import { procedureCode } from "./procedure";
import { identifierFault, quoteIdentifier, quoteLiteral, underscored } from "./quote";
import type { SnowflakeSettings } from "./settings";
import { monitorGrant, throughGateway } from "./through-gateway";

const ORG = "3f5d8e36-562a-4b63-8555-57bffc085496";
const plain: SnowflakeSettings = {
  gateway: "aws",
  gatewayUrl: "https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/custom-events",
  gatewayFields: { API_AWS_ROLE_ARN: "arn:aws:iam::1:role/x" },
  origin: "https://audit.example.com",
  appId: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
  dataSourceId: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a11",
  database: "AFFIDAVIT",
  schema: underscored(ORG),
  functionName: "CUSTOM_EVENTS",
  warehouse: "WH",
  role: "AUDITOR",
};
const all = (settings: SnowflakeSettings) =>
  [...throughGateway(settings), ...direct(settings), monitorGrant(settings)].map((block) => block.sql).join("\n\n");

/** Snowflake's tokens, as its documentation has them: quoted names, strings with escapes, $$ strings, comments. */
const TOKEN = /"(?:[^"]|"")*"|'(?:[^'\\]|''|\\[\s\S])*'|\$\$[\s\S]*?\$\$|--[^\n]*|[\s\S]/g;
const tokens = (sql: string) => sql.match(TOKEN) ?? [];
/** What a statement does whatever its names and strings are. */
const skeleton = (sql: string) =>
  tokens(sql)
    .map((token) => (token.length > 1 && !token.startsWith("--") ? token.slice(0, 1) : token))
    .join("");
const names = (sql: string) =>
  tokens(sql)
    .filter((token) => token.startsWith('"') && token.length > 1)
    .map((token) => token.slice(1, -1).replaceAll('""', '"'));

test("a name or text that tries to end its quotes stays inside them", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    fc
      .array(fc.constantFrom('"', '""', "'", "\\", "\\'", "$$", "--", "/*", ";", "\n", "DROP", " ", "é"), {
        minLength: 1,
        maxLength: 8,
      })
      .map((parts) => parts.join("")),
  );
  const settings = fc
    .record({
      gateway: fc.constantFrom(...GATEWAYS),
      database: hostile,
      schema: hostile,
      functionName: hostile,
      warehouse: hostile,
      role: hostile,
      dataSourceId: hostile,
      gatewayUrl: hostile,
      field: hostile,
    })
    .map(({ field, ...given }) => {
      const gatewayFields = Object.fromEntries(
        gateways[given.gateway].fields.map(({ parameter }) => [parameter, field]),
      );
      return { ...plain, ...given, gatewayFields };
    });
  fc.assert(
    fc.property(settings, (given) => {
      expect(skeleton(all(given))).toBe(skeleton(all({ ...plain, gateway: given.gateway })));
      const found = names(all(given));
      for (const name of [given.database, given.schema, given.functionName, given.warehouse, given.role])
        expect(found).toContain(name);
    }),
    { numRuns: 300 },
  );
});

test("names and texts are quoted as Snowflake reads them", () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"');
  expect(quoteLiteral("it's a \\ backslash")).toBe("'it''s a \\\\ backslash'");
  expect(underscored(ORG)).toBe("3f5d8e36_562a_4b63_8555_57bffc085496");
  expect(["", "a".repeat(256), "a\nb"].map((name) => typeof identifierFault(name))).toEqual(Array(3).fill("string"));
  expect(identifierFault('3f5d "odd" é')).toBeUndefined();
});

describe("what is printed", () => {
  test.each([
    ["aws", "API_PROVIDER = aws_api_gateway", "API_AWS_ROLE_ARN = 'arn:aws:iam::1:role/x'"],
    ["azure", "API_PROVIDER = azure_api_management", "AZURE_TENANT_ID = '11111111-2222-3333-4444-555555555555'"],
    ["google", "API_PROVIDER = google_api_gateway", "GOOGLE_AUDIENCE = 'affidavit-0a1b2c3d4e5f6"],
  ] as const)("the integration of %s", (gateway, ...expected) => {
    const [integration] = throughGateway({ ...plain, gateway });
    for (const part of expected) expect(integration?.sql).toContain(part);
    expect(integration?.sql).toContain("('https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/')");
  });

  test("has the schema underscored and quoted, the task started, and the function's name in one row", () => {
    const sql = all(plain);
    expect(sql).toContain(`"AFFIDAVIT"."3f5d8e36_562a_4b63_8555_57bffc085496"."CUSTOM_EVENTS"("records")`);
    expect(sql).toContain(`ALTER TASK "AFFIDAVIT"."${underscored(ORG)}"."CUSTOM_EVENTS_LOGINS" RESUME;`);
    expect(sql).toContain(`ALTER TASK "AFFIDAVIT"."${underscored(ORG)}"."CUSTOM_EVENTS_SEND_LOGINS_HOURLY" RESUME;`);
    expect(sql).toMatch(/FROM "AFFIDAVIT"\.INFORMATION_SCHEMA\.FUNCTIONS\nWHERE [^;]+\nLIMIT 1;/);
    expect(sql).toContain('GRANT MONITOR ON WAREHOUSE "WH" TO ROLE "AUDITOR";');
    expect(sql).toContain("VALUE_LIST = ('audit.example.com:443')");
    expect(sql).not.toMatch(/afd_|Bearer afd/);
  });
});

test("the external function has no HEADERS, and the query of logins says what it leaves out", () => {
  const sql = throughGateway({ ...plain, gateway: "aws" }).map((block) => block.sql);
  expect(sql.join("\n")).not.toContain("HEADERS =");
  expect(sql.join("\n")).toContain("An hour whose run failed is a gap");
});

test("the procedure's Python compiles, whatever is in its texts", () => {
  const check = "import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text, feature_version=(3, 9))";
  const odd = ['"', "'", "\\", "$$", '"""', "\n", "\u2028", "é", "{}", "%s"].join("");
  const texts = [odd, "https://audit.example.com/"].map((text) => procedureCode({ url: text, query: text }));
  for (const text of texts) expect(text).not.toContain("$");
  execFileSync("python3", ["-c", check], { input: JSON.stringify(texts) });
});
