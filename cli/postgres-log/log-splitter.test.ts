import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ROOT } from "@/lib/testing/program";
import { csvValues, formatOf, type LogFormat, readRecord } from "./formats";
import { LogSplitter, RECORD_BYTES_MAX } from "./log-splitter";
import { LogReader } from "./reader";

const fixture = (format: LogFormat) => readFileSync(path.join(ROOT, `cli/fixtures/postgres-15-pgaudit.${format}log`));
const FORMATS: LogFormat[] = ["json", "csv"];

/** What comes of these bytes, cut at these places. */
function split(format: LogFormat, bytes: Buffer, cuts: readonly number[]) {
  const splitter = new LogSplitter(format);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces = [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
  return pieces.flatMap((piece) => [...splitter.push(piece)]);
}

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;

test("a log cut anywhere has the same records at the same places", () => {
  for (const format of FORMATS) {
    const bytes = fixture(format);
    const whole = split(format, bytes, []);
    expect(whole).toHaveLength(69);
    expect(whole.at(-1)?.end).toBe(bytes.length);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        expect(split(format, bytes, cuts)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  }
});

test("CSV of any values, cut anywhere, is read as it was written, and reading goes on from any record's end", () => {
  const value = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "é", "\r", " "), maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      fc.array(fc.nat()),
      (rows, cuts) => {
        const bytes = Buffer.from(rows.map((row) => `${row.map(quoted).join(",")}\n`).join(""));
        const found = split("csv", bytes, cuts);
        expect(found.map(({ text }) => csvValues(text ?? ""))).toEqual(rows);
        for (const [index, { end }] of found.entries()) {
          const rest = [...new LogSplitter("csv", end).push(bytes.subarray(end))];
          expect(rest).toEqual(found.slice(index + 1));
        }
      },
    ),
  );
});

test("of a record that is not whole nothing is told", () => {
  for (const format of FORMATS) {
    const bytes = fixture(format);
    const ends = new Set(split(format, bytes, []).map(({ end }) => end));
    for (let length = 0; length < 3_000; length += 5) {
      const reader = new LogReader({ format, offset: 0 });
      expect([...reader.push(bytes.subarray(0, length))].every(({ end }) => ends.has(end) && end <= length)).toBe(true);
      expect(reader.damaged).toBe(0);
    }
  }
});

test("a record that a crash cut short costs at most its neighbour, in either format", () => {
  for (const format of FORMATS) {
    const bytes = fixture(format);
    const whole = split(format, bytes, []);
    for (let length = 100; length < 12_000; length += 83) {
      const reader = new LogReader();
      const got = [...reader.push(Buffer.concat([bytes.subarray(0, length), bytes]))].length;
      const before = whole.filter(({ end }) => end <= length).length;
      expect(got, `${format} cut at ${length}`).toBeGreaterThanOrEqual(before + whole.length - 1);
    }
  }
});

/** The fixture's first record with another message and, behind it, another statement. */
function recordOf(format: LogFormat, line: number, message: string, statement: string): Buffer {
  const first = fixture(format).toString().split("\n")[0] ?? "";
  if (format === "json")
    return Buffer.from(
      `${first.slice(0, first.indexOf(',"message"'))},"message":${JSON.stringify(message)},"statement":${JSON.stringify(statement)}}\n`.replace(
        /"line_num":\d+/,
        `"line_num":${line}`,
      ),
    );
  const values = csvValues(first) ?? [];
  [values[6], values[13], values[19]] = [String(line), message, statement];
  return Buffer.from(`${values.map(quoted).join(",")}\n`);
}

test("of a record that is too long its beginning is read, and what follows is read as ever", () => {
  const long = `select '${'é"\n\\\u0001x'.repeat(2_200_000)}'`;
  for (const format of FORMATS) {
    const head = "duration: 1.000 ms  statement: ";
    const parts = [
      recordOf(format, 1, `${head}select 1`, ""),
      recordOf(format, 2, head + long, ""),
      recordOf(format, 3, "division by zero", long),
      recordOf(format, 4, `${head}select 2`, ""),
    ];
    expect(parts[1]?.length).toBeGreaterThan(RECORD_BYTES_MAX);
    const bytes = Buffer.concat(parts);
    const piece = 262_147;
    const reader = new LogReader({ format, offset: 0 });
    const found = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, n) => [
      ...reader.push(bytes.subarray(n * piece, (n + 1) * piece)),
    ]).flat();
    expect(found.map(({ record }) => [record.line, record.isCut ?? false])).toEqual([
      [1, false],
      [2, true],
      [3, true],
      [4, false],
    ]);
    expect(found.map(({ end }) => end)).toEqual(parts.map((_, n) => Buffer.concat(parts.slice(0, n + 1)).length));
    expect(reader.damaged).toBe(0);
    const [, second, third] = found.map(({ record }) => record);
    expect(second?.message.startsWith(head + long.slice(0, 300_000))).toBe(true);
    expect(second?.sessionId).toBe(found[0]?.record.sessionId);
    expect(long.startsWith(third?.statement ?? "-")).toBe(true);
  }
}, 30_000);

test("CSV of many megabytes is read", () => {
  expect(csvValues(`a,"${"x".repeat(16_000_000)}",`)?.map(({ length }) => length)).toEqual([1, 16_000_000, 0]);
  for (const odd of ['a"', '"a', '"a"b', 'a,"']) expect(csvValues(odd)).toBe(undefined);
});

test("text in a statement that looks like records of the log is none", () => {
  const line = fixture("csv").toString().split("\n")[6] ?? "";
  const forged = `select '\n${line}\n'`;
  const values = csvValues(line) ?? [];
  values[13] = `duration: 1.000 ms  statement: ${forged}`;
  const reader = new LogReader();
  const records = [...reader.push(Buffer.from(`${line}\n${values.map(quoted).join(",")}\n`))];
  expect(records.map(({ record }) => record.message.startsWith("duration"))).toEqual([false, true]);
  expect(records[1]?.record.message).toContain(forged);
});

test("formats are told by their first bytes", () => {
  expect(FORMATS.map((format) => formatOf(fixture(format).toString().slice(0, 100)))).toEqual(FORMATS);
  for (const other of ["", "2026-11-25 08:49:54.455 UTC [2119] LOG:  ready\n", '{"kind":"call"}', "{", "a,b,c"])
    expect(formatOf(other)).toBe(undefined);
});

test("times are read in whatever zone the log has", () => {
  const record = (time: string, start: string) =>
    readRecord(
      "json",
      JSON.stringify({
        timestamp: time,
        session_id: "6b06a132.847",
        line_num: 1,
        session_start: start,
        message: "",
        pid: 1,
      }),
    )?.micros;
  const utc = Date.parse("2026-11-25T08:49:54.466Z") * 1_000;
  expect(record("2026-11-25 08:49:54.466 UTC", "2026-11-25 08:49:54 UTC")).toBe(utc);
  expect(record("2026-11-25 09:49:54.466 CET", "2026-11-25 09:49:54 CET")).toBe(utc);
  expect(record("2026-11-25 14:19:54.466 IST", "2026-11-25 14:19:54 IST")).toBe(utc);
  expect(record("2026-11-25 05:19:54.466 -0330", "2026-11-25 05:19:54 -0330")).toBe(utc);
  expect(record("yesterday", "")).toBe(undefined);
});
