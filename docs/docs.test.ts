import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { commands } from "../cli/affidavit";
import { outcomeWord } from "../components/log-table/outcome";
import { variables } from "../lib/config/env";
import { LIMITS } from "../lib/contracts/limits";
import { ERROR_CODES } from "../lib/errors/codes";
import { kinds } from "../lib/log-kinds/registry";
import { withCsvColumns } from "../lib/manual/csv-lists";
import { withFieldTables } from "../lib/manual/field-tables";
import { samplesOf } from "../lib/testing/doc-samples";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

function markdown(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return markdown(file);
    return entry.name.endsWith(".md") ? [file] : [];
  });
}
const pages = [...readdirSync(root).filter((name) => name.endsWith(".md")), ...markdown("docs")];

describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("every link leads somewhere", () => {
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(target)) continue;
      const file = path.join(root, path.dirname(page), target.replace(/#.*$/, ""));
      expect(existsSync(file), `${page} → ${target}`).toBe(true);
    }
  });

  test("every npm script and error code that it names exists", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, name = ""] of text.matchAll(/npm run ([a-z-]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const [, code = ""] of text.matchAll(/(?:422|400|409|413|415) `([a-z_]+)`/g))
      expect(Object.keys(ERROR_CODES)).toContain(code);
  });
});

/** The shell samples of every page that a reader of the checkout may run one after the other. */
const samples = [...pages, "sdk/README.md"].flatMap((page) =>
  samplesOf(read(page))
    .filter(({ language }) => language === "sh")
    .map(({ text }) => ({ page, text })),
);

describe("samples", () => {
  test("go to the server's own address, whatever its port is", () => {
    for (const { page, text } of samples) expect(text, page).not.toMatch(/localhost:\d/);
  });

  test("make no two API keys of one name: neither could be revoked by it", () => {
    const lines = [
      ...samples.map(({ text }) => text),
      ...commands.flatMap(({ examples }) => examples.map(({ line }) => line)),
    ];
    const names = lines.flatMap((text) =>
      [...text.matchAll(/keys create --name ("[^"]+"|\S+)|"name": ("[^"]+"), "app_id"/g)].map(
        ([, one, other]) => one ?? other,
      ),
    );
    expect(names.length).toBeGreaterThan(3);
    expect(names).toEqual([...new Set(names)]);
  });

  test("that need a checkout write below data/, which git ignores", () => {
    for (const { page, text } of samples.filter((sample) =>
      /^(README|docs.(api|cli|csv|quick-start))/.test(sample.page),
    )) {
      for (const [, file] of text.matchAll(/(?:>>? |--output |-o |--cursor-file |--output-dir |--dump-header )(\S+)/g))
        expect(file, page).toMatch(/^data\b/);
    }
  });

  test("export into files of different names: none finds another's there already", () => {
    const files = samples.flatMap(({ text }) => [...text.matchAll(/(?:--output|-o) (\S+)/g)].map(([, file]) => file));
    expect(files.length).toBeGreaterThan(2);
    expect(files).toEqual([...new Set(files)]);
  });

  test("of the quick start write rows of now, which the portal's default window shows", () => {
    const text = read("docs/quick-start.md");
    expect([...text.matchAll(/"occurred_at": "([^"]+)"/g)].map(([, time]) => time)).toEqual(["$now", "$now"]);
    expect(text).toContain(`choose *${outcomeWord("policy_denial")}*`);
  });
});

test("docs/self-hosting.md lists the environment as lib/config/env.ts declares it", () => {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = Object.entries(variables).map(([name, { about, example, ...rest }]) => {
    const file = "secret" in rest ? " (*file*)" : "";
    return `| \`${name}\`${file} | ${example ? `\`${cell(example)}\`` : ""} | ${cell(about)} |`;
  });
  const wanted = ["| variable | example | |", "|---|---|---|", ...rows].join("\n");
  const table = /<!-- environment -->\n([\s\S]*?)\n<!-- \/environment -->/.exec(read("docs/self-hosting.md"))?.[1];
  expect(table).toBe(wanted);
});

test("docs/api/README.md has the limits that /docs/api shows", () => {
  const rows = LIMITS.map(({ what, limit, answer }) => `| ${what} | ${limit} | ${answer} |`);
  const table = /<!-- limits -->\n([\s\S]*?)\n<!-- \/limits -->/.exec(read("docs/api/README.md"))?.[1];
  expect(table).toBe(["| | limit | answer |", "|---|---|---|", ...rows].join("\n"));
});

test("every decision record has the five headings and its line in the list", () => {
  const list = read("docs/adr/README.md");
  const records = readdirSync(path.join(root, "docs/adr")).filter((name) => /^\d{4}-/.test(name));
  expect(records.length).toBeGreaterThan(0);
  for (const [index, record] of records.sort().entries()) {
    const headings = [...read(`docs/adr/${record}`).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings, record).toEqual(["Date", "Status", "Context", "Decision", "Consequences"]);
    expect(Number(record.slice(0, 4)), record).toBe(index + 1);
    expect(list).toContain(`(${record})`);
  }
});

test("docs/audit-logs.md has every field of every kind as it is declared (npm run field-docs)", () => {
  const text = read("docs/audit-logs.md");
  expect(withFieldTables(text)).toBe(text);
  for (const { id } of kinds) expect(text).toContain(`<!-- fields: ${id} -->`);
});

test("docs/csv.md has every column of every kind as it is written (npm run field-docs)", () => {
  const text = read("docs/csv.md");
  expect(withCsvColumns(text)).toBe(text);
  for (const { id } of kinds) expect(text).toContain(`<!-- columns: ${id} -->\n\`created_at\`, `);
});
