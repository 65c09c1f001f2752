import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CsvError, CsvReader, decodeCsv, decodeCsvStream } from "./csv";

const FILE = [
  "kind,id,seq,reason,context,response_status",
  "call,1,0,plain,,",
  `call,2,1,"","{""a"":[1,null],""q"":""\\""""}",200`,
  `call,3,2,"'=1+1,\r\n""two""",{},0`,
  "call,4,3,''quoted',[],503",
  "",
].join("\r\n");
const ROWS = [
  { kind: "call", id: "1", seq: 0, reason: "plain", context: null, response_status: null },
  { kind: "call", id: "2", seq: 1, reason: "", context: { a: [1, null], q: '"' }, response_status: 200 },
  { kind: "call", id: "3", seq: 2, reason: '=1+1,\r\n"two"', context: {}, response_status: 0 },
  { kind: "call", id: "4", seq: 3, reason: "'quoted'", context: [], response_status: 503 },
];

test("RFC 4180, the apostrophe undone, values as JSON has them", () => {
  expect(decodeCsv(FILE)).toEqual(ROWS);
  expect(decodeCsv("kind,id\r\n")).toEqual([]);
});

test("a file in pieces, cut anywhere, is the same file", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(FILE.length), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), FILE.length];
      const reader = new CsvReader();
      const rows = edges.slice(1).flatMap((end, index) => reader.push(FILE.slice(edges[index], end)));
      reader.end();
      expect(rows).toEqual(ROWS);
    }),
  );
});

test("a stream of bytes, cut inside a character, is the same file", async () => {
  const bytes = new TextEncoder().encode("kind,reason\r\ncall,é€😀\r\n");
  const single = (async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  })();
  const rows: unknown[] = [];
  for await (const row of decodeCsvStream(single)) rows.push(row);
  expect(rows).toEqual([{ kind: "call", reason: "é€😀" }]);
});

test("bytes that are no UTF-8 are refused", async () => {
  const bytes = (async function* () {
    yield Uint8Array.of(0x6b, 0xff);
  })();
  await expect(decodeCsvStream(bytes).next()).rejects.toThrow(TypeError);
});

describe("what is not such a file is refused", () => {
  const REFUSED: [name: string, text: string, message: RegExp][] = [
    ["nothing", "", /names is missing/],
    ["a cut line", "kind,id\r\ncall,1", /ends in the middle/],
    ["a cut quote", 'kind,id\r\ncall,"1', /ends in the middle/],
    ["a quote at the very end", 'kind,id\r\ncall,"1"', /ends in the middle/],
    ["half a line break", "kind,id\r\ncall,1\r", /ends in the middle/],
    ["bare line feeds", "kind,id\ncall,1\n", /comma or CRLF/],
    ["a quote inside a bare cell", 'kind,id\r\ncall,a"b"\r\n', /comma or CRLF/],
    ["text after a quoted cell", 'kind,id\r\ncall,"a"b\r\n', /comma or CRLF/],
    ["a cell too few", "kind,id\r\ncall\r\n", /has 1 cells, not 2/],
    ["a cell too many", "kind,id\r\ncall,1,2\r\n", /has 3 cells, not 2/],
    ["a kind that is not known", "kind,id\r\nother,1\r\n", /kind "other"/],
    ["a kind like a member of every object", "kind,id\r\nconstructor,1\r\n", /kind "constructor"/],
    ["no kind", "id\r\n1\r\n", /kind ""/],
    ["a number that is none", "kind,seq\r\ncall,one\r\n", /record 1: seq is not JSON/],
  ];
  test.each(REFUSED)("%s", (_name, text, message) => {
    expect(() => decodeCsv(text)).toThrow(CsvError);
    expect(() => decodeCsv(text)).toThrow(message);
  });
});

test("columns of a kind that is not known here can be named", () => {
  const jsonColumns = { other: ["n"] };
  expect(decodeCsv("kind,n,t\r\nother,1,1\r\n", { jsonColumns })).toEqual([{ kind: "other", n: 1, t: "1" }]);
});
