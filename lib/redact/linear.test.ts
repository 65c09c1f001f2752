import { describe, expect, test } from "vitest";
import { readingsOf } from "./dialects/dialects.ts";
import { inOnePart, MESSAGE } from "./message.ts";
import { render } from "./render.ts";
import { scan } from "./scan.ts";
import type { Text } from "./scanning.ts";
import { secretWords } from "./secret-words.ts";
import { type Spans, unite } from "./spans.ts";

/** A text that counts what is read of it: steps do not depend on how busy the machine is. */
class CountingText implements Text {
  steps = 0;
  readonly length: number;

  constructor(private readonly text: string) {
    this.length = text.length;
  }

  charCodeAt(index: number): number {
    this.steps++;
    return this.text.charCodeAt(index);
  }

  codePointAt(index: number): number | undefined {
    this.steps++;
    return this.text.codePointAt(index);
  }

  indexOf(searched: string, from: number): number {
    const found = this.text.indexOf(searched, from);
    this.steps += (found < 0 ? this.length : found) - from + searched.length;
    return found;
  }

  charAt(index: number): string {
    this.steps++;
    return this.text.charAt(index);
  }

  matchAll(searched: RegExp): Iterable<RegExpMatchArray> {
    this.steps += this.length;
    return this.text.matchAll(searched);
  }

  slice(start: number, end?: number): string {
    const slice = this.text.slice(start, end);
    this.steps += slice.length;
    return slice;
  }
}

function steps(text: string): number {
  const counting = new CountingText(text);
  for (const reading of readingsOf("unknown")) scan(counting, reading, () => undefined);
  return counting.steps;
}

/** All that comes after scanning: what is read of tokens and text. Only how regular expressions search is not seen. */
function stepsAfter(text: string): number {
  const counting = new CountingText(text);
  let looks = 0;
  const watched = (spans: Spans) =>
    new Proxy(spans, {
      get(target, name) {
        looks++;
        return Reflect.get(target, name);
      },
    });
  let spans: Spans = [];
  for (const reading of [...readingsOf("postgres"), MESSAGE])
    spans = unite(watched(spans), watched(scan(text, reading, () => undefined).spans));
  const counted = counting as unknown as string;
  spans = unite(watched(spans), watched(secretWords(counted, watched(spans))));
  spans = inOnePart(text, watched(spans));
  render(counted, watched(spans), () => 7);
  return looks + counting.steps;
}

/** What makes a lexer look far ahead, again and again. */
const PIECES = [
  ..."[ ( { ' '' \" \"\" ` \\ $ $$ $a $a$ $a$b$c$ / * /* /*/* /*/ */ - -- # // . .. : ? @ 1 a é “ 😀".split(" "),
  ..."E'\\\\ E'\\' '\\ ''' \"\"\" rb''' U&' x'1' N'a' _a' 1E' 1$ $1 $1a 1e-5 :a(:b( $a( a$b :1 {':1 /*! /*+ '*/ *//* ].".split(
    " ",
  ),
  "'a'\n",
  "'a' --x\n",
  "'a'\n--'\n",
  "--x\r",
  "--x\\\n",
  "-- \n",
  "# '\n",
  "/* ' */",
  "$a$ $b$ ",
  "'' ",
  "\n\n\n ",
];

/** What makes the search for bare secrets look far ahead. */
const SECRETS = [
  ..."password=a password=f( password=7, password:a:: password=$1 password.a password=/**/ token='a' secret='a'b".split(
    " ",
  ),
  "password ",
  "password /* */",
  "password = /**/ /**/ ",
  "secret 'x' ",
  "identified by ",
  "pwd = \n",
];

describe("twice the text takes at most 2.3 times the steps", () => {
  test.each(PIECES)("%j", (piece) => {
    const text = piece.repeat(2_000);
    expect(steps(text + text)).toBeLessThanOrEqual(2.3 * steps(text));
  });

  test.each(PIECES)("%j behind an open string, comment, bracket, tag", (piece) => {
    for (const open of ["'", '"', "/*", "[", "$t$", "`", "E'", "--"]) {
      const [once, twice] = [piece.repeat(2_000), piece.repeat(4_000)];
      expect(steps(open + twice)).toBeLessThanOrEqual(2.3 * steps(open + once));
    }
  });
});

describe("after scanning twice the text takes at most 2.3 times the steps", { timeout: 60_000 }, () => {
  test.each([...PIECES, ...SECRETS])("%j", (piece) => {
    for (const open of ["", "password="]) {
      const [once, twice] = [open + piece.repeat(150), open + piece.repeat(300)];
      expect(stepsAfter(twice)).toBeLessThanOrEqual(2.3 * stepsAfter(once));
    }
  });
});

test("a text takes a few steps for each character and reading", () => {
  for (const piece of PIECES) {
    const text = piece.repeat(2_000);
    expect(steps(text) / text.length / readingsOf("unknown").length).toBeLessThan(12);
  }
});
