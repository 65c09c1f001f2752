import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readRecords } from "./read-records";
import { ReadFault, RecordSplitter } from "./record-splitter";

const RECORDS = { listName: "Records" };
const folder = mkdtempSync(path.join(tmpdir(), "affidavit-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const records: { value: unknown; line: number }[] = [];
  for await (const { text, line } of readRecords(file, RECORDS)) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = `not JSON: ${text}`;
    }
    records.push({ value, line });
  }
  return records;
}
const records = [{ a: 'x]},{\\"', b: [1, { c: '"' }] }, { a: "é😀" }, { Records: 1, n: { Records: [] } }, {}];
test.each(["# A title\n\nwords", "created_at,app_id\r\n1,2\r\n", "null", '"text"'])(
  "%j is refused at once, and not word by word",
  async (content) => {
    await expect(read("words.txt", content)).rejects.toThrow(/^This is not JSON: it begins with "/);
  },
);

const values = (found: { value: unknown }[]) => found.map(({ value }) => value);

describe("forms of a file", () => {
  const forms: [string, string][] = [
    ["lines.ndjson", records.map((record) => JSON.stringify(record)).join("\n")],
    ["lines.json", `${records.map((record) => JSON.stringify(record)).join("\r\n")}\r\n`],
    ["blank-lines.json", `\n\n${records.map((record) => JSON.stringify(record)).join("\n\n")}\n \n`],
    ["array.json", JSON.stringify(records)],
    ["array-pretty.json", JSON.stringify(records, null, 2)],
    ["records.json", JSON.stringify({ Records: records })],
    ["records-pretty.json", ` ${JSON.stringify({ Records: records }, null, "\t")}\n`],
    ["records-amid.json", JSON.stringify({ before: { x: [1] }, Records: records, after: [{ y: 1 }] })],
    ["pretty-values.json", records.map((record) => JSON.stringify(record, null, 2)).join("\n")],
    ["bom.json", `\ufeff${JSON.stringify({ Records: records })}`],
    [
      "two-lists.json",
      `{"Records":${JSON.stringify(records.slice(0, 1))}}\n{"Records":${JSON.stringify(records.slice(1))}}`,
    ],
  ];
  test.each(forms)("%s", async (name, content) => {
    expect(values(await read(name, content))).toEqual(records);
    expect(values(await read(`${name}.gz`, gzipSync(content)))).toEqual(records);
    expect(values(await read("no-suffix", gzipSync(content)))).toEqual(records);
  });

  test("several gzip members are one file", async () => {
    const [first, ...others] = records.map((record) => gzipSync(`${JSON.stringify(record)}\n`));
    expect(values(await read("members.gz", Buffer.concat([first as Buffer, ...others])))).toEqual(records);
  });

  test("empty files and empty lists hold nothing", async () => {
    for (const content of ["", "\n\n", "[]", '{"Records":[]}', '{"Records": [ ] }']) {
      expect(await read("empty.json", content)).toEqual([]);
    }
  });

  test("a file of more than one read is the same as a small one", async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => ({ n, text: `größer ${"x".repeat(n % 50)}` }));
    for (const content of [JSON.stringify({ Records: many }), many.map((one) => JSON.stringify(one)).join("\n")]) {
      expect(values(await read("large.json", content))).toEqual(many);
    }
  });
});

describe("lines", () => {
  test("each record knows the line on which it begins", async () => {
    const lines = async (name: string, content: string) => (await read(name, content)).map(({ line }) => line);
    expect(await lines("a.ndjson", '{"a":1}\n\n{"a":2}\n{"a":3}')).toEqual([1, 3, 4]);
    expect(await lines("b.json", '{\n"Records": [\n{"a":1},\n {\n"a":2},{"a":3}\n]}')).toEqual([3, 4, 5]);
    expect(await lines("c.json", '[\n1,\n"x",\n{"a":[\n]}\n]')).toEqual([2, 3, 4]);
  });

  test("a broken line spoils itself only", async () => {
    const found = values(await read("broken.ndjson", '{"a":1}\n{"a":{"b":"unclosed\n{"a":3}\nnonsense\n{"a":5}'));
    expect(found).toEqual([{ a: 1 }, 'not JSON: {"a":{"b":"unclosed', { a: 3 }, "not JSON: nonsense", { a: 5 }]);
    expect(values(await read("broken-first.ndjson", '{"a":\n{"a":2}'))).toEqual(['not JSON: {"a":', { a: 2 }]);
  });
});

describe("files that cannot be read", () => {
  test.each([
    ["cut.json", '{"Records":[{"a":1},{"a":2},', /cut off/],
    ["cut-array.json", '[{"a":1}', /cut off/],
    ["latin1.json", Buffer.from([0x5b, 0x22, 0xe9, 0x22, 0x5d]), /UTF-8/],
    ["cut.gz", gzipSync("[1,2,3]").subarray(0, -4), /gzip/],
    ["endless.json", `["${"x".repeat(5_000_000)}"]`, /4 MiB/],
    ["endless.ndjson", `{"a":"${"x".repeat(5_000_000)}"}`, /4 MiB/],
  ])("%s", async (name, content, message) => {
    const error = await read(name, content).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(ReadFault);
    expect((error as Error).message).toMatch(message);
  });

  test("a missing file and a folder say so", async () => {
    const fault = async (file: string) => {
      for await (const _ of readRecords(file, RECORDS)) throw new Error("read something");
    };
    await expect(fault(path.join(folder, "missing"))).rejects.toThrow(/no such file/);
    await expect(fault(folder)).rejects.toThrow(/folder/);
  });
});

test("however the text arrives in pieces, the records are the same", () => {
  const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => value !== null && typeof value === "object");
  fc.assert(
    fc.property(
      fc.array(json, { maxLength: 5 }),
      fc.constantFrom("array", "Records", "lines"),
      fc.constantFrom(0, 1),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (list, form, indent, sizes) => {
        // An object whose own member "Records" is a list is that list: the one form in which records are not just values.
        fc.pre(
          form !== "lines" ||
            !list.some((value) => Array.isArray(value) || Array.isArray((value as { Records?: unknown }).Records)),
        );
        const shown =
          form === "lines"
            ? list.map((value) => JSON.stringify(value, null, indent)).join("\n")
            : JSON.stringify(form === "array" ? list : { Records: list }, null, indent);
        const splitter = new RecordSplitter("Records");
        const found: unknown[] = [];
        for (let at = 0; at < shown.length; ) {
          const size = sizes.next().value;
          for (const { text } of splitter.push(shown.slice(at, at + size))) found.push(JSON.parse(text));
          at += size;
        }
        for (const { text } of splitter.end()) found.push(JSON.parse(text));
        expect(found).toEqual(list.map((value) => JSON.parse(JSON.stringify(value))));
      },
    ),
    { numRuns: 300 },
  );
});
