import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pairing } from "./pairing";
import type { LogRecord } from "./record";
import type { Statement } from "./statement";

const START = Date.parse("2026-11-25T08:00:00Z") * 1_000;

/** Records of one session: a message, or what else there is. */
function recordsOf(session: string, lines: readonly (string | Partial<LogRecord>)[]): LogRecord[] {
  return lines.map((line, index) => ({
    number: index + 1,
    micros: START + index * 10_000,
    sessionId: session,
    line: index + 1,
    severity: "LOG",
    backend: "client backend",
    message: "",
    ...(typeof line === "string" ? { message: line } : line),
  }));
}

const failed = (statement: string | undefined, sqlState = "22012") => ({
  severity: "ERROR",
  message: "division by zero",
  sqlState,
  statement,
});

/** Statements as `text duration rows objects`. */
const short = ({ text, durationMs, rows, audited, isError }: Statement) =>
  [text, isError ? "failed" : durationMs, rows, ...audited.map(({ name }) => name)]
    .map((value) => value ?? "-")
    .join(" ");

function paired(records: readonly LogRecord[], pairing = new Pairing()) {
  const told = records.flatMap((record, index) =>
    pairing.push(record, { order: index + 1, file: "f", offset: index * 100 }, 0),
  );
  return { told: told.map(short), rest: pairing.finish().map(short), counts: pairing.counts };
}

const audit = (id: number, text: string, rows: number, part = 1) =>
  `AUDIT: SESSION,${id},${part},READ,SELECT,TABLE,public.t,"${text.replaceAll('"', '""')}","canary",${rows}`;

describe("statements of a session", () => {
  test.each<[string, (string | Partial<LogRecord>)[], string[], string[]]>([
    ["a duration with its statement", ["duration: 1.500 ms  statement: select 1"], ["select 1 1.5 -"], []],
    [
      "the extended protocol: only the execution is one",
      [
        "duration: 1 ms  parse <unnamed>: select a: b",
        "duration: 1 ms  bind <unnamed>: select a: b",
        "duration: 2 ms  execute <unnamed>: select a: b",
        "duration: 2 ms  execute fetch from <unnamed>: select a: b",
      ],
      ["select a: b 2 -"],
      [],
    ],
    [
      "log_statement, then the duration alone",
      ["statement: select 1", "duration: 3 ms", "execute s1: select 2", "duration: 4 ms", "duration: 5 ms"],
      ["select 1 3 -"],
      ["select 2 4 -"],
    ],
    [
      "an error, with what log_statement told before",
      ["statement: select 1/0", failed("select 1/0")],
      ["select 1/0 failed -"],
      [],
    ],
    ["errors without a statement are nobody's", [failed(undefined)], [], []],
    [
      "pgaudit before the duration, once for each table",
      [audit(1, "select 1", 5), audit(1, "select 1", 5), "duration: 1 ms  statement: select 1"],
      ["select 1 1 5 public.t public.t"],
      [],
    ],
    [
      "pgaudit and a plan after the execution",
      [
        "duration: 1 ms  execute s1: select 1",
        'duration: 1 ms  plan:\n{"Query Text": "select 1", "Plan": {"Node Type": "Result", "Actual Rows": 9, "Actual Loops": 1}}',
        audit(1, "select 1", 5),
        "duration: 1 ms  bind s2: select 2",
      ],
      ["select 1 1 5 public.t"],
      [],
    ],
    [
      "pgaudit once the next statement is parsed, as a transaction goes on",
      [
        "duration: 1 ms  execute s1: select 1",
        "duration: 1 ms  parse s2: select 2",
        audit(1, "select 1", 5),
        "duration: 1 ms  bind s2: select 2",
        "duration: 2 ms  execute s2: select 2",
      ],
      ["select 1 1 5 public.t"],
      ["select 2 2 -"],
    ],
    [
      "what runs inside a function",
      [audit(1, "select inner", 7, 2), "duration: 50 ms  statement: do 'x'"],
      ["do 'x' 50 - public.t"],
      [],
    ],
    [
      "pgaudit alone: complete by the next one, or the end",
      [audit(1, "select 1", 5), audit(2, "select 2", 6)],
      ["select 1 - 5 public.t"],
      ["select 2 - 6 public.t"],
    ],
    [
      "a text plan of 18",
      [
        "duration: 1 ms  plan:\nQuery Text: select 1\nSeq Scan on t  (cost=0.00..1.00 rows=850 width=4) (actual rows=5.00 loops=2)",
        "duration: 1 ms  statement: select 1",
      ],
      ["select 1 1 10"],
      [],
    ],
    [
      "a text plan of a change",
      [
        "duration: 1 ms  plan:\nQuery Text: update t set a = 1\nUpdate on t  (cost=0.00..1.00 rows=0 width=0) (actual time=0.1..0.1 rows=0 loops=1)\n  ->  Seq Scan on t  (cost=0.00..1.00 rows=850 width=4) (actual time=0.1..0.1 rows=3 loops=1)",
        "duration: 1 ms  statement: update t set a = 1",
      ],
      ["update t set a = 1 1 3"],
      [],
    ],
    ["parallel workers repeat errors", [{ ...failed("select 1"), backend: "parallel worker" }], [], []],
  ])("%s", (_name, lines, told, rest) => {
    expect(paired(recordsOf("s", lines))).toMatchObject({ told, rest });
  });

  test("one without an end is counted, not told", () => {
    const { told, rest, counts } = paired(recordsOf("s", ["statement: a", "statement: b"]));
    expect({ told, rest, unfinished: counts.unfinished }).toEqual({ told: [], rest: [], unfinished: 2 });
    const crash = { message: "all server processes terminated; reinitializing", backend: "postmaster", sessionId: "p" };
    expect(paired(recordsOf("s", ["statement: a", crash, "duration: 1 ms"])).counts).toMatchObject({
      unfinished: 1,
      textless: 1,
    });
  });

  test("records that are read again change nothing", () => {
    const records = recordsOf("s", ["duration: 1 ms  statement: a", "duration: 1 ms  statement: b"]);
    expect(paired([...records, ...records]).told).toHaveLength(2);
  });

  test("sessions side by side do not mix, in whatever order their records come", () => {
    const sessions = ["a", "b", "c"].map((name) =>
      recordsOf(name, [
        `statement: ${name}1`,
        audit(1, `${name}1`, 3),
        "duration: 1 ms",
        `execute x: ${name}2`,
        "duration: 2 ms",
      ]),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 40, maxLength: 40 }), (turns) => {
        const queues = sessions.map((records) => [...records]);
        const mixed = [...turns, ...[0, 1, 2].flatMap((turn) => Array(5).fill(turn))].flatMap(
          (turn) => queues[turn]?.splice(0, 1) ?? [],
        );
        const { told, rest } = paired(mixed);
        expect([...told, ...rest].sort()).toEqual(
          ["a", "b", "c"].flatMap((name) => [`${name}1 1 3 public.t`, `${name}2 2 -`]).sort(),
        );
      }),
    );
  });

  test("the place of the oldest open statement is held until it is complete", () => {
    const pairing = new Pairing();
    const [begun, ended] = recordsOf("long", ["statement: a", "duration: 1 ms"]);
    const others = recordsOf("short", ["duration: 1 ms  statement: b", "duration: 1 ms  statement: c"]);
    const push = (record: LogRecord | undefined, order: number) =>
      record && pairing.push(record, { order, file: "f", offset: order * 100 }, 0);
    push(others[0], 1);
    expect(pairing.oldestOpen()).toBe(undefined);
    push(begun, 2);
    push(others[1], 3);
    expect(pairing.oldestOpen()).toMatchObject({ order: 2, offset: 200 });
    push(ended, 4);
    expect(pairing.oldestOpen()).toBe(undefined);
  });

  test("what waits for pgaudit does not wait long", () => {
    const pairing = new Pairing();
    const [execution] = recordsOf("s", ["duration: 1 ms  execute x: a"]);
    expect(execution && pairing.push(execution, { order: 1, file: "f", offset: 0 }, 1_000)).toEqual([]);
    expect(pairing.expire(1_100)).toEqual([]);
    expect(pairing.expire(1_300).map(short)).toEqual(["a 1 -"]);
  });

  test("a portal that is closed long after is no second statement", () => {
    const lines = ["duration: 1 ms  execute x: a", audit(1, "a", 3), audit(1, "a", 3), "duration: 2 ms  statement: b"];
    const pairing = new Pairing();
    const told = recordsOf("s", lines).flatMap((record, index) => [
      ...pairing.push(record, { order: index, file: "f", offset: 0 }, index * 1_000),
      ...pairing.expire(index * 1_000 + 500),
    ]);
    expect(told.map(short)).toEqual(["a 1 -", "b 2 -"]);
  });

  describe("pgaudit speaks when a statement starts", () => {
    const starting = (id: number, text: string) => audit(id, text, 0).replace(/,0$/, "");
    const place = (order: number) => ({ order, file: "f", offset: order * 100 });
    /** Reads one record after the other, a long time apart. */
    const readSlowly = (pairing: Pairing, records: readonly LogRecord[]) =>
      records.flatMap((record) => {
        const told = pairing.push(record, place(record.line), record.line * 1_000_000);
        return [...told, ...pairing.expire(record.line * 1_000_000 + 900_000)];
      });

    test.each([
      ["succeeds late", "duration: 60000 ms  statement: a", "a 60000 - public.t"],
      ["fails late", failed("a"), "a failed - public.t"],
    ])("a long one that %s is one row, and the same after a restart", (_name, end, expected) => {
      for (const before of ["duration: 1 ms  statement: before", "connection authorized: user=ana"]) {
        const records = recordsOf("s", [before, starting(1, "a"), end]);
        const pairing = new Pairing();
        readSlowly(pairing, records.slice(0, 2));
        expect(pairing.oldestOpen()).toMatchObject({ order: 2 });
        const restarted = new Pairing(pairing);
        const ends = [readSlowly(pairing, records.slice(2)), readSlowly(restarted, records.slice(1))];
        expect(ends.map((told) => told.map(short))).toEqual([[expected], [expected]]);
        expect(ends.flat().map(({ record }) => record.line)).toEqual([3, 3]);
        expect(pairing.oldestOpen()).toBe(undefined);
      }
    });

    test("one whose word comes with the session's next statement holds the place until then: no second row after a restart", () => {
      const records = recordsOf("s", [
        audit(1, "before", 1),
        "duration: 1 ms  statement: before",
        "duration: 1 ms  execute p1: a",
        "duration: 1 ms  parse p2: b",
        audit(2, "a", 5),
        "duration: 1 ms  execute p2: b",
      ]);
      const pairing = new Pairing();
      expect(readSlowly(pairing, records.slice(0, 3)).map(short)).toEqual(["before 1 1 public.t", "a 1 -"]);
      const restart = (pairing.oldestOpen()?.order ?? 4) - 1;
      const rows = [readSlowly(pairing, records.slice(3)), readSlowly(new Pairing(pairing), records.slice(restart))];
      // The first is sent again under the same id, and so is no double.
      expect(rows.map((told) => told.map(({ record, text }) => `${record.line} ${text}`))).toEqual([
        ["6 b"],
        ["3 a", "6 b"],
      ]);
    });

    test("without pgaudit nothing is waited for", () => {
      const pairing = new Pairing();
      readSlowly(pairing, recordsOf("s", ["duration: 1 ms  execute p1: a"]));
      expect(pairing.oldestOpen()).toBe(undefined);
    });

    test("a short one, below log_min_duration_statement, is complete with its session's next", () => {
      const records = recordsOf("s", ["duration: 900 ms  statement: a", starting(2, "b"), starting(3, "c")]);
      expect(readSlowly(new Pairing(), records).map(short)).toEqual(["a 900 -", "b - - public.t"]);
    });

    test("where durations are off, its word is taken; an end that comes after all makes no second row", () => {
      for (const end of [failed("b"), "duration: 1000000000 ms  statement: b", starting(2, "b")]) {
        const records = recordsOf("s", [starting(1, "a"), starting(2, "b"), end]);
        expect(readSlowly(new Pairing(), records).map(short)).toEqual(["a - - public.t", "b - - public.t"]);
      }
    });

    test("an error of a statement whose text was recorded before is a row of its own", () => {
      const records = recordsOf("s", [audit(1, "a", 3), audit(2, "b", 3), failed("b")]);
      expect(readSlowly(new Pairing(), records).map(short)).toEqual(["a - 3 public.t", "b - 3 public.t", "b failed -"]);
    });

    test("reading that stops here leaves what is open for another time", () => {
      const pairing = new Pairing();
      const records = recordsOf("s", ["duration: 1 ms  statement: a", starting(2, "b")]);
      expect(readSlowly(pairing, records).map(short)).toEqual(["a 1 -"]);
      expect(pairing.pause()).toEqual([]);
      expect(pairing.oldestOpen()).toMatchObject({ order: 2 });
    });
  });
});
