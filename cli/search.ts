import { defineCommand, type ExitCode } from "./command";
import { CONNECTION, connect, JSON_LINES, LOGS, logParams } from "./connection";
import { Progress } from "./progress";
import { FILTERS, filterParams, parseCount, WINDOW, windowOf, windowParams } from "./question";
import { type Row, rowLine } from "./row-line";
import type { Server } from "./server";
import type { Terminal } from "./terminal";
import { counted, rowJson } from "./words";

interface Page {
  events: Row[];
  next_cursor: string | null;
  has_more: boolean;
  partial?: true;
  searched_to?: string;
}

const PAGE_ROWS_MAX = 200;
const LIMIT_DEFAULT = 50;
/** How long a walk whose answers are partial goes on by itself, ms. */
const PATIENCE_MS = 30_000;

interface Found {
  rows: number;
  /** There are rows beyond the limit. */
  isCut: boolean;
  /** Only the window from here on was looked at. */
  partialTo: string | undefined;
}

interface Walk {
  server: Server;
  terminal: Terminal;
  params: readonly [string, string][];
  limit: number;
  isJson: boolean;
}

/** Pages until the limit, the end, or the end of our patience. */
async function walk({ server, terminal, params, limit, isJson }: Walk): Promise<Found> {
  const progress = new Progress(terminal, "rows found");
  const deadline = Date.now() + PATIENCE_MS;
  let cursor: string | null = null;
  let rows = 0;
  for (;;) {
    const most = Math.min(PAGE_ROWS_MAX, limit - rows);
    const place: [string, string][] = cursor === null ? [] : [["cursor", cursor]];
    const page: Page = await server.get("/v1/events/search", [...params, ...place, ["limit", String(most)]]);
    rows += page.events.length;
    progress.clear();
    if (page.events.length > 0) {
      await terminal.out(page.events.map((row) => `${isJson ? rowJson(row) : rowLine(row)}\n`).join(""));
    }
    const isEnd = page.next_cursor === null || !page.has_more;
    if (isEnd || rows >= limit) return { rows, isCut: !isEnd && rows >= limit, partialTo: undefined };
    if (page.partial && Date.now() > deadline) return { rows, isCut: false, partialTo: page.searched_to };
    progress.show(rows);
    cursor = page.next_cursor;
  }
}

function report({ rows, isCut, partialTo }: Found, terminal: Terminal, failIfPartial: boolean): ExitCode {
  const count = counted(rows, "rows");
  if (partialTo !== undefined) {
    terminal.err(
      `PARTIAL: ${count} so far; only the time since ${partialTo} was searched. Go on with --to ${partialTo}, or narrow the window.\n`,
    );
    return failIfPartial ? 1 : 0;
  }
  terminal.err(isCut ? `${count}, and there are more: raise --limit.\n` : `${count}.\n`);
  return 0;
}

export const searchCommand = defineCommand({
  name: "search",
  summary: "Print the rows of a time window that match filters or a query, newest first",
  about: [
    "The window is over the time at which things happened. Rows come without headers and bodies. Where a search takes long, it goes on by itself for 30 s; if it is not through then, it says PARTIAL on the standard error and how far it came.",
  ],
  options: {
    ...CONNECTION,
    ...LOGS,
    ...WINDOW,
    ...FILTERS,
    limit: { value: "n", about: "At most so many rows; default 50" },
    "fail-if-partial": { about: "Exit code 1 where the answer is partial" },
    ...JSON_LINES,
  },
  examples: [
    { does: "What was refused since yesterday", line: "affidavit search --last 24h --filter outcome=policy_denial" },
    {
      does: "Slow calls of all providers but one",
      line: "affidavit search --last 7d --query '-provider_id:github latency_ms:>500'",
    },
    {
      does: "A day of one provider, for a program",
      line: "affidavit search --from 2026-11-21 --to 2026-11-22 --filter provider_id=github --limit 1000 --json",
    },
  ],
  async run({ given }, terminal) {
    const window = windowOf(given);
    const filters = filterParams(given);
    const limit = given.limit === undefined ? LIMIT_DEFAULT : parseCount("limit", given.limit);
    const server = connect(given, terminal);
    const params = [...windowParams(window), ...filters, ...(await logParams(server, given.app))];
    const found = await walk({ server, terminal, params, limit, isJson: given.json === true });
    return report(found, terminal, given["fail-if-partial"] === true);
  },
});
