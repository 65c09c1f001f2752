import { existsSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { defineCommand, type ExitCode } from "./command";
import { CONNECTION, connect, LOGS, logParams, SYSTEM_LOG } from "./connection";
import { type CsvManifest, manifestOf, takeCsv } from "./csv-download";
import { FileFault, UsageFault } from "./faults";
import { Progress } from "./progress";
import { FILTERS, filterParams, WINDOW, windowOf, windowParams } from "./question";
import type { Terminal } from "./terminal";
import { writeWhole } from "./whole-file";
import { counted, grouped } from "./words";

interface Saved {
  file: string;
  rows: number;
  truncated: boolean;
  sha256: string;
  /** Whether the server sent the same SHA-256. */
  isConfirmed: boolean;
}

function fileFor(given: { output?: string; force?: boolean }, { name }: CsvManifest): string {
  const file = given.output ?? name;
  if (file === undefined) throw new UsageFault("Say where to write it: --output rows.csv.");
  if (!given.force && existsSync(file)) throw new FileFault(`${file} is there already: --force replaces it.`);
  return file;
}

async function save(response: IncomingMessage, file: string, terminal: Terminal): Promise<Saved> {
  const manifest = manifestOf(response);
  const progress = new Progress(terminal, `of ${counted(manifest.rows, "rows")}`);
  let taken = { sha256: "", isConfirmed: false };
  try {
    await writeWhole(file, async (handle) => {
      taken = await takeCsv(response, manifest, async (bytes, rows) => {
        await handle.writeFile(bytes);
        progress.show(rows, manifest.rows === 0 ? 1 : rows / manifest.rows);
      });
    });
  } finally {
    progress.clear();
    response.destroy();
    if (terminal.signal.aborted) terminal.err(`Interrupted: ${file} was not written.\n`);
  }
  return { file, rows: manifest.rows, truncated: manifest.isTruncated, ...taken };
}

async function report(saved: Saved, isJson: boolean, terminal: Terminal): Promise<void> {
  const { file, rows, truncated, sha256, isConfirmed } = saved;
  const checked = isConfirmed ? "count and SHA-256 are as the server said" : "the count is as the server said";
  const text = `${counted(rows, "rows")} → ${file} (${checked})\nSHA-256 ${sha256}`;
  await terminal.out(`${isJson ? JSON.stringify({ file, rows, truncated, sha256 }) : text}\n`);
  if (truncated) {
    terminal.err(
      `TRUNCATED: more rows match. ${file} holds the newest ${grouped(rows)}; split the window to have all.\n`,
    );
  }
}

export const exportCommand = defineCommand({
  name: "export",
  summary: "Save the rows of a time window as CSV, at most the newest 100,000",
  about: [
    "The file is there whole or not at all: it is written under another name, held against the server's count of rows and its SHA-256, synced, and then renamed. Where more rows match than the server gives, TRUNCATED is said on the standard error.",
  ],
  options: {
    ...CONNECTION,
    ...LOGS,
    output: {
      short: "o",
      value: "file",
      about: "Where to write it; default: the name that the server gives, in this folder",
    },
    force: { about: "Replaces a file that is there already" },
    ...WINDOW,
    kind: { value: "kind", about: "Rows of this kind; default `call`, and `system` of the organization's own log" },
    filter: FILTERS.filter,
    "fail-if-truncated": {
      about: "Exit code 1 where more rows match than were given; the file is written all the same",
    },
    json: { about: "One JSON object `{file, rows, truncated, sha256}`" },
  },
  examples: [
    { does: "The last day", line: "affidavit export --last 24h --output calls.csv" },
    {
      does: "A month's refusals, and fail rather than miss one",
      line: "affidavit export --from 2026-11-01 --to 2026-12-01 --filter outcome=policy_denial --fail-if-truncated -o refused.csv",
    },
  ],
  async run({ given }, terminal): Promise<ExitCode> {
    const window = windowOf(given);
    const isSystem = given.app?.every((app) => app === SYSTEM_LOG);
    const filters = filterParams({ kind: isSystem ? "system" : "call", ...given });
    if (given.output !== undefined) fileFor(given, { name: undefined, rows: 0, isTruncated: false });
    const server = connect(given, terminal);
    const apps = await logParams(server, given.app);
    const query = [["format", "csv"], ...windowParams(window), ...filters, ...apps] as [string, string][];
    const response = await server.open("/v1/exports/download", query);
    const saved = await save(response, fileFor(given, manifestOf(response)), terminal);
    await report(saved, given.json === true, terminal);
    return saved.truncated && given["fail-if-truncated"] ? 1 : 0;
  },
});
