import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MESSAGES } from "./cases/messages.ts";
import type { Dialect } from "./dialects/dialects.ts";
import { redactMessage } from "./redact.ts";

// What must not show is in capital Q and Z, which nothing else here holds, and in numbers, of which one digit may show.

const shown = (text: string, dialect: Dialect) =>
  redactMessage(text, dialect)
    .text.replace("int64", "")
    .match(/[QZ]|\p{N}\p{N}+/gu) ?? [];

const DIALECTS = [...new Set(MESSAGES.map(([dialect]) => dialect)), "unknown" as const];

describe("messages that quote values with quotes in them", () => {
  test("are of all eight databases", () => expect(DIALECTS).toHaveLength(9));

  test.each(MESSAGES)("%s: %s, cut at every place, shows nothing that it must not", (_, message) => {
    for (let length = message.length; length > 0; length--) {
      const cut = message.slice(0, length);
      for (const dialect of DIALECTS) expect([cut, dialect, shown(cut, dialect)]).toEqual([cut, dialect, []]);
    }
  });

  test.each(MESSAGES)("%s: %s keeps what may stay", (dialect, message, shows) => {
    expect(redactMessage(message, dialect).text.replace(/\d/g, "0")).toBe(shows.replace(/\d/g, "0"));
  });
});

const QUOTES = ["'", '"', "`", "“", "”", "‘", "’", "«", "»", "ʼ"];
const BESIDE = [
  ...QUOTES,
  "''",
  '""',
  " ",
  " at ",
  " is not ",
  "it",
  "=",
  "(",
  ")",
  ",",
  "\\",
  "$$",
  "--",
  "/*",
  "*/",
  "\n",
  "7",
  ":12345",
];
const mix = fc.array(fc.constantFrom(...BESIDE), { maxLength: 6 }).map((parts) => parts.join(""));
const BEFORE = [
  "",
  "near ",
  "value: ",
  "relation ",
  "it is ",
  "Key (a)=",
  "a = 7 and b = ",
  "password ",
  "/* x */ ",
  "$1 ",
];
const BEHIND = [" at line 7", " is not recognized", ".", " for key", " and b < 3", "", "' or c = 'x'", ': "y"'];

test("whatever quotes stand around a value in quotes, also where the message was cut, it does not show", () => {
  const one = fc.constantFrom;
  fc.assert(
    fc.property(
      fc.record({ before: one(...BEFORE), open: one(...QUOTES), left: mix, right: mix, behind: one(...BEHIND) }),
      fc.boolean(),
      one(...DIALECTS),
      ({ before, open, left, right, behind }, isCut, dialect) => {
        const text = `${before}${open}${left}QZ${right}${isCut ? "" : open + behind}`;
        expect([text, shown(text, dialect)]).toEqual([text, []]);
      },
    ),
    { numRuns: 20_000 },
  );
});
