import { setTimeout as delay } from "node:timers/promises";
import { holeInTail } from "../sdk/src/gaps";
import { defineCommand } from "./command";
import { CONNECTION, connect, JSON_LINES, LOG, logIdOf } from "./connection";
import { readCursor, writeCursor } from "./cursor-file";
import { ServerFault, UsageFault } from "./faults";
import { FILTERS, filterParams, parseCount, parseSince, sinceParam } from "./question";
import { type Row, rowLine } from "./row-line";
import type { Server } from "./server";
import type { Terminal } from "./terminal";
import { rowJson } from "./words";

interface Page {
  events: Row[];
  next_cursor: string;
  has_more: boolean;
}

const PAGE_ROWS = 250;
/** Between two questions while nothing new comes: at first, growing to the most, ms. */
const POLL_MS = 250;
const POLL_MS_MAX = 2_000;
/** A follower outlives restarts of the server; without -f, somebody waits for the end. */
const FOLLOW_ATTEMPTS = Number.POSITIVE_INFINITY;
const READ_ATTEMPTS = 3;

interface Walk {
  server: Server;
  terminal: Terminal;
  /** Where to begin: `after` or `created_after`; empty: the beginning of the log. */
  start: [string, string][];
  /** What stays the same in every question. */
  params: [string, string][];
  /** Nothing is filtered out: every row of the log must come. */
  isWhole: boolean;
  isJson: boolean;
  follows: boolean;
  /** Rows in all. */
  limit: number;
  cursorFile: string | undefined;
}

async function printPage({ events }: Page, { terminal, isJson, cursorFile }: Walk, cursor: string): Promise<void> {
  if (events.length > 0) {
    await terminal.out(events.map((row) => `${isJson ? rowJson(row) : rowLine(row)}\n`).join(""));
  }
  if (cursorFile === undefined) return;
  // First the rows, then the place: the other way round a crash in between would lose them.
  await terminal.settle();
  await writeCursor(cursorFile, cursor);
}

/** @returns seq of the last row so far. @throws ServerFault where rows are missing, as the SDK's tail does */
function checkNoHole({ events }: Page, { isWhole }: Walk, lastSeq: number | undefined): number | undefined {
  const hole = isWhole ? holeInTail(events, lastSeq) : undefined;
  if (hole !== undefined) throw new ServerFault(hole);
  return events.at(-1)?.seq ?? lastSeq;
}

async function walk(options: Walk): Promise<number> {
  const { server, terminal, params, follows, limit } = options;
  let place = options.start;
  let rows = 0;
  let pauseMs = POLL_MS;
  let lastCursor: string | undefined;
  let lastSeq: number | undefined;
  if (options.cursorFile !== undefined) await terminal.startLine();
  for (;;) {
    const pageLimit: [string, string] = ["limit", String(Math.min(PAGE_ROWS, limit - rows))];
    const attempts = follows && lastCursor !== undefined ? FOLLOW_ATTEMPTS : READ_ATTEMPTS;
    const page = await server.get<Page>("/v1/events", [...place, ...params, pageLimit], attempts);
    lastSeq = checkNoHole(page, options, lastSeq);
    if (page.next_cursor !== lastCursor) await printPage(page, options, page.next_cursor);
    lastCursor = page.next_cursor;
    place = [["after", page.next_cursor]];
    rows += page.events.length;
    if (rows >= limit) return rows;
    if (page.has_more) continue;
    if (!follows) return rows;
    pauseMs = page.events.length > 0 ? POLL_MS : Math.min(POLL_MS_MAX, pauseMs * 2);
    await delay(pauseMs, undefined, { signal: terminal.signal });
  }
}

export const tailCommand = defineCommand({
  name: "tail",
  summary: "Print the rows of one log in commit order, and follow it",
  about: [
    "Starts at the beginning of the log unless `--after`, `--since` or a cursor file says where. It never misses a row: should a server ever leave one out, it stops there with exit code 1. With `-f` it goes on until Ctrl-C, asking every 250 ms while rows come and every 2 s at most while none do, also over restarts of the server.",
    "With `--cursor-file` the place is written after the rows: first the output (synced where it is a file), then the cursor. After a crash in between, the last rows come once more, and none is lost; a row's id tells them apart. In a file, a line that a kill cut short stays, and the next row begins a new one.",
  ],
  options: {
    ...CONNECTION,
    ...LOG,
    follow: { short: "f", about: "Goes on with new rows until Ctrl-C" },
    after: {
      value: "cursor",
      about: "Strictly after this place: a `next_cursor` of the API, or what a cursor file holds",
    },
    since: {
      value: "time",
      about: "Rows written after this time, or in the last so much: `2026-11-22T00:00:00Z`, `10m`",
    },
    "cursor-file": {
      value: "file",
      about:
        "Goes on from the place in this file where it exists, and keeps it there. It wins over `--after` and `--since`",
    },
    ...FILTERS,
    limit: { value: "n", about: "Ends after so many rows" },
    ...JSON_LINES,
  },
  examples: [
    { does: "What was written in the last ten minutes", line: "affidavit tail --since 10m" },
    {
      does: "New rows as they come, only refused ones",
      line: "affidavit tail -f --since 1s --filter outcome=policy_denial",
      isEndless: true,
    },
    {
      does: "Every row once more than never, into a file, a part at a time",
      line: "affidavit tail --json --cursor-file tail.cursor >> rows.ndjson",
    },
  ],
  async run({ given }, terminal) {
    const { after, since, limit, "cursor-file": cursorFile } = given;
    if (after !== undefined && since !== undefined) throw new UsageFault("Give --after or --since, not both.");
    const filters = filterParams(given);
    const most = limit === undefined ? Number.POSITIVE_INFINITY : parseCount("limit", limit);
    const kept = cursorFile === undefined ? undefined : await readCursor(cursorFile);
    const start: [string, string][] = [];
    if (kept !== undefined) start.push(["after", kept]);
    else if (after !== undefined) start.push(["after", after]);
    else if (since !== undefined) start.push(sinceParam(parseSince("since", since)));
    const server = connect(given, terminal);
    const appId = given.app === undefined ? undefined : await logIdOf(server, given.app);
    await walk({
      server,
      terminal,
      start,
      params: [...filters, ...(appId === undefined ? [] : [["app_id", appId] as [string, string]])],
      isWhole: filters.length === 0,
      isJson: given.json === true,
      follows: given.follow === true,
      limit: most,
      cursorFile,
    });
    return 0;
  },
});
