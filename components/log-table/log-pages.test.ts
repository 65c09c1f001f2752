import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Row } from "./kind-view";
import type { SearchPage } from "./log-pages";
import { type LoadPage, LogPages } from "./log-pages";

const HOUR_MS = 3_600_000;
const NEWEST = Date.parse("2026-11-22T12:00:00Z");
const rowOf = (index: number): Row => {
  const time = new Date(NEWEST - index * HOUR_MS).toISOString();
  return { id: `id-${index}`, seq: 1_000_000 - index, created_at: time, occurred_at: time };
};

/** A log of so many rows, an hour apart, and what was asked of it. */
function makeLog(size: number, { pageRows = 200, firstRows = 50 } = {}) {
  const asked: (string | null)[] = [];
  const aborted: (string | null)[] = [];
  let failing: unknown;
  const load: LoadPage = async (cursor, signal) => {
    asked.push(cursor);
    signal.addEventListener("abort", () => aborted.push(cursor));
    await turn();
    if (failing) throw failing;
    const at = Number(cursor ?? 0);
    const end = Math.min(size, at + (cursor === null ? firstRows : pageRows));
    const events = Array.from({ length: end - at }, (_, index) => rowOf(at + index));
    return { events, has_more: end < size, next_cursor: end < size ? String(end) : null };
  };
  return { load, asked, aborted, fail: (error: unknown) => (failing = error) };
}

const settled = async (pages: LogPages) => {
  for (let round = 0; round < 50; round += 1) await turn();
  return pages.state();
};

/** Eight pages on each side of up to three that are shown. */
const KEPT_ROWS_MAX = 19 * 200;

/** Scrolls through all 100,000 rows. @returns how many were in memory at most */
async function walkDown(pages: LogPages): Promise<number> {
  let most = 0;
  for (let at = 0; at < 100_000; at += 150) {
    pages.want(at, at + 60);
    while (pages.state().loading || !pages.row(Math.min(at, pages.state().count - 1))) await turn();
    most = Math.max(most, pages.held);
  }
  pages.want(99_990, 99_999);
  await settled(pages);
  return most;
}

describe("LogPages", () => {
  it("reads on as far as rows are wanted, and knows the end", async () => {
    const log = makeLog(300);
    const pages = new LogPages(log.load);
    expect(pages.state()).toMatchObject({ answered: false, count: 0, hasMore: true });
    pages.want(0, 40);
    expect(await settled(pages)).toMatchObject({ answered: true, count: 50, hasMore: true, loading: false });
    expect(log.asked).toEqual([null]);
    pages.want(20, 60);
    expect(await settled(pages)).toMatchObject({ count: 250, hasMore: true });
    pages.want(240, 280);
    expect(await settled(pages)).toMatchObject({ count: 300, hasMore: false, error: undefined });
    expect(log.asked).toEqual([null, "50", "250"]);
    expect(pages.row(299)?.id).toBe("id-299");
    expect(pages.row(300)).toBeUndefined();
  });

  it("takes the first page from the HTML without asking", async () => {
    const log = makeLog(300);
    const first = await log.load(null, new AbortController().signal);
    log.asked.length = 0;
    const pages = new LogPages(log.load, first);
    pages.want(0, 30);
    expect(await settled(pages)).toMatchObject({ count: 50 });
    expect(log.asked).toEqual([]);
  });

  it("goes down 100,000 rows in the memory of a few thousand, and finds the same rows on the way back", async () => {
    const log = makeLog(100_000);
    const pages = new LogPages(log.load);
    expect(await walkDown(pages)).toBeLessThanOrEqual(KEPT_ROWS_MAX);
    expect(pages.state()).toMatchObject({ count: 100_000, hasMore: false });
    expect(pages.row(110)).toBeUndefined();
    const asked = log.asked.length;
    pages.want(100, 130);
    await settled(pages);
    expect(pages.row(110)?.id).toBe("id-110");
    expect(log.asked.length - asked).toBe(1);
    expect(pages.row(10)?.id).toBe("id-10");
    expect(pages.state().count).toBe(100_000);
  });

  it("would hold them all if it let none go", async () => {
    expect(await walkDown(new LogPages(makeLog(100_000).load, undefined, 1e6))).toBeGreaterThan(KEPT_ROWS_MAX);
  });

  it("marks where days begin, across pages", async () => {
    const log = makeLog(60, { firstRows: 10, pageRows: 7 });
    const pages = new LogPages(log.load);
    pages.want(0, 100);
    // 12:00 is the newest: thirteen rows of that day, then twenty-four a day.
    expect((await settled(pages)).dayStarts).toEqual([0, 13, 37]);
  });

  it("keeps the rows when a later page fails, and reads on after a retry", async () => {
    const log = makeLog(300);
    const pages = new LogPages(log.load);
    pages.want(0, 30);
    await settled(pages);
    log.fail(new Error("away"));
    pages.want(0, 60);
    expect(await settled(pages)).toMatchObject({ count: 50, error: new Error("away"), loading: false });
    pages.want(0, 70);
    await settled(pages);
    expect(log.asked).toEqual([null, "50"]);
    log.fail(undefined);
    pages.retry();
    expect(await settled(pages)).toMatchObject({ count: 250, error: undefined });
  });

  it("stops where a budget ended the walk, until it is told to go on", async () => {
    const answers: SearchPage[] = [
      { events: [], has_more: true, next_cursor: "a", partial: true, searched_to: "2026-11-20T00:00:00Z" },
      { events: [rowOf(1)], has_more: false, next_cursor: null },
    ];
    const pages = new LogPages(async () => answers.shift() as SearchPage);
    pages.want(0, 30);
    expect(await settled(pages)).toMatchObject({
      answered: true,
      count: 0,
      hasMore: true,
      searchedTo: "2026-11-20T00:00:00Z",
    });
    pages.more();
    expect(await settled(pages)).toMatchObject({ count: 1, hasMore: false, searchedTo: undefined });
  });

  it("gives up what is under way when nobody looks any more, and starts anew when somebody does", async () => {
    const log = makeLog(300);
    const pages = new LogPages(log.load);
    pages.want(0, 30);
    pages.abort();
    expect(log.aborted).toEqual([null]);
    expect(await settled(pages)).toMatchObject({ answered: false, loading: false, error: undefined });
    pages.want(0, 30);
    expect(await settled(pages)).toMatchObject({ answered: true, count: 50 });
  });

  it("forgets what came after a page that reads differently now", async () => {
    let short = false;
    const log = makeLog(5_000);
    const load: LoadPage = async (cursor, signal) => {
      const page = await log.load(cursor, signal);
      if (!short || cursor !== "50") return page;
      return {
        events: page.events.slice(0, 3),
        has_more: true,
        next_cursor: "53",
        partial: true,
        searched_to: "2026-11-20T00:00:00Z",
      };
    };
    const pages = new LogPages(load);
    for (let at = 0; at < 4_900; at += 150) {
      pages.want(at, at + 100);
      await settled(pages);
    }
    short = true;
    pages.want(60, 90);
    expect(await settled(pages)).toMatchObject({ count: 53, hasMore: true, searchedTo: "2026-11-20T00:00:00Z" });
  });
});
