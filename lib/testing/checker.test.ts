import { describe, expect, test } from "vitest";
import { type Entry, findingsOf, type StoredPlace, summary } from "./checker";

const place = (seq: number, id = `row-${seq}`): StoredPlace => ({
  id,
  seq,
  createdAt: `t${String(seq).padStart(3, "0")}`,
});
const stored = (count: number) => Array.from({ length: count }, (_, seq) => place(seq));
const written = (rows: readonly StoredPlace[]): Entry[] =>
  rows.flatMap((row): Entry[] => [
    { what: "sent", id: row.id },
    { what: "acked", ...row },
  ]);
const reads = (rows: readonly StoredPlace[], poller = "p"): Entry[] =>
  rows.map((row) => ({ what: "read", poller, ...row }));
const judge = (entries: readonly Entry[], rows: readonly StoredPlace[]) => summary(findingsOf(entries, rows));

const rows = stored(5);
const sound = [...written(rows), ...reads(rows)];

describe("the checker", () => {
  test("finds nothing in a sound run", () => {
    expect(findingsOf(sound, rows)).toEqual([]);
  });

  test("notices a row that is missing from the table", () => {
    expect(judge(sound, [...rows.slice(0, 2), ...rows.slice(3)])).toEqual({ lost: 1, gap: 2, misread: 1 });
  });

  test("notices a row that moved", () => {
    const moved = [place(0), place(1, "row-2"), place(2, "row-1"), place(3), place(4)];
    expect(judge(sound, moved)).toEqual({ moved: 2, misread: 2, order: 1 });
  });

  test("notices a row whose created_at is not the acknowledged one", () => {
    expect(
      judge(
        written(rows),
        rows.map((row, at) => (at === 4 ? { ...row, createdAt: "t999" } : row)),
      ),
    ).toEqual({
      moved: 1,
    });
  });

  test("notices a row that is stored twice", () => {
    const doubled = [...rows, place(5, "row-2")];
    expect(judge(sound, doubled)).toMatchObject({ doubled: 1 });
  });

  test("notices two answers with two places for one id", () => {
    expect(judge([...sound, { what: "acked", id: "row-1", seq: 7, createdAt: "t007" }], rows)).toEqual({ moved: 1 });
  });

  test("notices what was never sent, and what was rolled back and is there all the same", () => {
    expect(judge(sound, [...rows, place(5)])).toEqual({ unsent: 1, missed: 1 });
    const entries: Entry[] = [...sound, { what: "sent", id: "row-5" }, { what: "rolled back", id: "row-5" }];
    expect(judge([...entries, ...reads([place(5)])], [...rows, place(5)])).toEqual({ unsent: 1 });
    expect(judge([...entries, { what: "sent", id: "row-5" }, ...reads([place(5)])], [...rows, place(5)])).toEqual({});
  });

  test("notices that the order is not the order of the acknowledgements", () => {
    const late = [place(0), place(1, "row-2"), place(2, "row-1")];
    const entries: Entry[] = [
      ...written([place(0)]),
      { what: "sent", id: "row-1" },
      { what: "acked", ...place(2, "row-1") },
      { what: "sent", id: "row-2" },
    ];
    expect(judge(entries, late)).toEqual({ order: 1 });
  });

  test("notices a poller that skips, repeats or ends too early", () => {
    expect(judge([...written(rows), ...reads([0, 1, 3, 4].map((seq) => place(seq)))], rows)).toEqual({
      "not +1": 1,
      missed: 1,
    });
    expect(judge([...written(rows), ...reads([0, 1, 1, 2, 3, 4].map((seq) => place(seq)))], rows)).toEqual({
      "not +1": 1,
    });
    expect(judge([...written(rows), ...reads(rows.slice(0, 4))], rows)).toEqual({ missed: 1 });
  });

  test("a restarted poller may repeat what came after its stored cursor, and nothing else", () => {
    const restart: Entry = { what: "restarted", poller: "p", seq: 1 };
    expect(judge([...written(rows), ...reads(rows.slice(0, 4)), restart, ...reads(rows.slice(2))], rows)).toEqual({});
    expect(judge([...written(rows), ...reads(rows.slice(0, 4)), restart, ...reads(rows.slice(3))], rows)).toEqual({
      "not +1": 1,
    });
  });
});
