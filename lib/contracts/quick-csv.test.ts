import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvRecordCounter } from "./quick-csv";

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

describe("CsvRecordCounter", () => {
  it("counts records whatever their values hold and wherever the bytes are cut", () => {
    const text = fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", "é", "a", "'") });
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 1, maxLength: 4 })),
        fc.integer({ min: 1, max: 9 }),
        (rows, size) => {
          const bytes = new TextEncoder().encode(rows.map((row) => `${row.map(cell).join(",")}\r\n`).join(""));
          const counter = new CsvRecordCounter();
          for (let at = 0; at < bytes.length; at += size) counter.add(bytes.subarray(at, at + size));
          expect(counter.records).toBe(rows.length);
        },
      ),
    );
  });
});
