import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { env } from "../lib/config/env";
import { takeLock } from "../sdk/src/process-lock";
import { type Command, defineCommand, type ExitCode, type Given, type Options } from "./command";
import { APP, appIdOf, CONNECTION, connect } from "./connection";
import { DATA_SOURCE, type DataSource, findDataSource } from "./data-source";
import { EventSender } from "./event-sender";
import { FileFault, ServerFault, UsageFault } from "./faults";
import { CatalogueWatch } from "./postgres-log/catalogue-watch";
import { type Checkpoint, readCheckpoint } from "./postgres-log/checkpoint";
import { Collector } from "./postgres-log/collector";
import { LogFolder, type LogsAt } from "./postgres-log/log-folder";
import type { Maker } from "./postgres-log/query-event";
import { StatementParser } from "./postgres-log/statement-parser";
import { parseCount } from "./question";
import type { Server } from "./server";
import type { Terminal } from "./terminal";
import { counted, grouped } from "./words";

const OPTIONS = {
  ...CONNECTION,
  ...APP,
  ...DATA_SOURCE,
  "log-dir": {
    value: "folder",
    about: "Where the server's logs are: `show log_directory`, below `show data_directory`",
  },
  "log-file": { value: "file", about: "Instead of a folder, one file, also when it is emptied or renamed on rotation" },
  state: {
    value: "file",
    about: "Keeps how far the logs are read and sent. Default: `collect/<data source>.json` in the data folder",
  },
  "from-now": { about: "Passes over what the logs hold already, when there is no state yet" },
  once: { about: "Reads what there is, and ends" },
  "quiet-after": { value: "minutes", about: "Says so when no statement was read for so long. Default: 15" },
  json: {
    about:
      "The last line is one object `{statements, created, duplicate, refused, skipped, unparsed, unfinished, damaged, log_records, lost_bytes}`",
  },
} as const satisfies Options;
type Chosen = Given<typeof OPTIONS>;

const QUIET_MINUTES = 15;

function logsAt({ "log-dir": folder, "log-file": file }: Chosen): LogsAt {
  if ((folder === undefined) === (file === undefined))
    throw new UsageFault("Say where the logs are: --log-dir, or --log-file.");
  const at = folder === undefined ? { file: path.resolve(file ?? "") } : { folder: path.resolve(folder) };
  const place = at.folder ?? path.dirname(at.file);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageFault(`There is no folder ${place}. On the server, show log_directory says where its logs are.`);
  return at;
}

function stateFileOf({ state }: Chosen, source: DataSource): string {
  if (state !== undefined) return path.resolve(state);
  const folder = path.join(env().dataDir, "collect");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, `${source.id ?? "statements"}.json`);
}

/** Two collectors with one state would each undo what the other noted. @throws FileFault */
async function lockState(file: string, signal: AbortSignal): Promise<() => void> {
  const lock = await takeLock(`${file}.lock`, signal).catch((error: Error) => {
    throw new FileFault(`${file} cannot be used: ${error.message}.`);
  });
  if (typeof lock === "function") return lock;
  throw new FileFault(`Another collector (process ${lock.pid}) uses ${file}. Give each its own --state.`);
}

/** What is told while it runs and at its end. */
class Report {
  lostBytes = 0;
  hasLost = false;
  refused = 0;
  private readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  warn(text: string): void {
    this.terminal.err(`${text}\n`);
  }

  lost(name: string, bytes: number): void {
    this.lostBytes += bytes;
    this.hasLost = true;
    const what =
      bytes > 0
        ? `LOST: ${name} is gone or was emptied before it was read: at least ${grouped(bytes)} bytes of log are not recorded.`
        : `MAY BE LOST: ${name} is gone or was emptied while nobody read it: what was written to it since, if anything, is not recorded.`;
    this.warn(
      `${what} Keep logs until they are read: see log_rotation_age, log_truncate_on_rotation and whatever deletes them.`,
    );
  }

  async end(collector: Collector, sender: EventSender, isJson: boolean): Promise<void> {
    const { created, duplicate } = sender.totals;
    const { unfinished, records } = collector.pairing.counts;
    const all = { ...collector.counts, created, duplicate, refused: this.refused, unfinished, log_records: records };
    if (isJson) return this.terminal.out(`${JSON.stringify({ ...all, lost_bytes: this.lostBytes })}\n`);
    const outcome = `${grouped(created)} created, ${grouped(duplicate)} duplicate, ${grouped(this.refused)} refused`;
    const aside = [
      `${grouped(all.skipped)} touched no connected column`,
      ...(all.unparsed > 0 ? [`${grouped(all.unparsed)} without objects, as they could not be parsed`] : []),
      ...(unfinished > 0 ? [`${counted(unfinished, "statements")} had no end in the log`] : []),
      ...(all.damaged > 0
        ? [`${counted(all.damaged, "lines")} ${all.damaged === 1 ? "was" : "were"} no whole record`]
        : []),
      ...(this.lostBytes > 0 ? [`at least ${counted(this.lostBytes, "bytes")} of log were LOST`] : []),
    ];
    await this.terminal.out(`${counted(all.statements, "statements")} → ${outcome}; ${aside.join(", ")}.\n`);
  }
}

interface Setup {
  given: Chosen;
  terminal: Terminal;
  server: Server;
  source: DataSource;
  report: Report;
}

function makeSender({ server, report, given }: Setup, appId: string | undefined): EventSender {
  return new EventSender({
    server,
    appId,
    idsArePlaces: true,
    // The logs stay where they are: it waits for the server as long as that takes.
    attemptsMax: given.once ? undefined : Number.POSITIVE_INFINITY,
    onRefused: (_event, reason) => {
      report.refused += 1;
      report.warn(`The server refused a statement: ${reason}`);
    },
  });
}

async function refresh({ source }: Setup, maker: Maker): Promise<void> {
  try {
    if (source.read) maker.catalogue = await source.read();
  } catch (error) {
    // The one that is known does until the server is back; sending tells what is wrong with it.
    if (!(error instanceof ServerFault)) throw error;
  }
}

/** Where it begins: after what was read last, or with what is there, or behind it. */
function placeOf(kept: Checkpoint | undefined, isFromNow: boolean): string {
  const last = kept?.files.at(-1);
  if (last) return `${last.name}, byte ${grouped(last.offset)}`;
  return isFromNow ? "the end of what is there" : "the beginning of what is there";
}

/** What it is about to do, in a line: a wrong folder or an empty catalogue is seen at once. */
function startLine({ given, source }: Setup, kept: Checkpoint | undefined): string {
  const at = logsAt(given);
  const from = placeOf(kept, given["from-now"] === true);
  const { name, id, catalogue } = source;
  const label = name === undefined ? id : `"${name}"`;
  const what = catalogue
    ? `${counted(catalogue.connectedTables, "connected tables")}${label === undefined ? "" : ` of data source ${label}`}`
    : "all tables, as there is no data source";
  return `Following ${at.folder ?? at.file}, from ${from}; ${what}.`;
}

async function collect(setup: Setup, stateFile: string): Promise<ExitCode> {
  const { given, terminal, server, source, report } = setup;
  const appId = given.app === undefined ? source.appId : await appIdOf(server, given.app);
  const kept = await readCheckpoint(stateFile);
  const onLoss = (name: string, bytes: number) => report.lost(name, bytes);
  const isFromNow = given["from-now"] === true && !kept;
  const folder = new LogFolder(logsAt(given), { marks: kept?.files ?? [], onLoss, isFromNow });
  const sender = makeSender(setup, appId);
  const maker: Maker = {
    parser: await StatementParser.load(),
    catalogue: source.catalogue,
    dataSourceId: source.id,
    host: source.host,
    isAll: given.all === true,
  };
  const watch = new CatalogueWatch({ maker, read: source.read && (() => refresh(setup, maker)) });
  const minutes = given["quiet-after"];
  const collector = new Collector({
    folder,
    sender,
    make: (statement) => watch.make(statement),
    stateFile,
    signal: terminal.signal,
    isOnce: given.once === true,
    quietMs: (minutes === undefined ? QUIET_MINUTES : parseCount("quiet-after", minutes)) * 60_000,
    warn: (text) => report.warn(text),
    onLoss,
    known: kept,
  });
  report.warn(startLine(setup, kept));
  try {
    await collector.run();
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  } finally {
    await folder.close();
    await report.end(collector, sender, given.json === true);
  }
  return report.refused > 0 || report.hasLost ? 1 : 0;
}

export const collectPostgres: Command = defineCommand({
  name: "collect postgres",
  summary: "Follow a PostgreSQL server's log and record its statements in an application's query log",
  about: [
    "Reads `jsonlog` or `csvlog` files as the server writes them, and sends each statement on a table with a connected column, seconds after it is complete: who ran it, from where, how long it took, the tables, columns and tags that it touched. docs/collector.md says which settings the server needs, and what cannot be seen.",
    "It notes how far it has come after the server has answered, so that a restart, a kill or an outage on either side loses nothing and makes no doubles. While the server is away, it waits: the logs stay on disk. It keeps no text of the log; bind values are never sent.",
    "Log that was deleted or emptied before it was read, or may have been while nobody read it, is told loudly, and the exit code is then 1.",
  ],
  options: OPTIONS,
  examples: [
    {
      does: "Until Ctrl-C",
      line: "affidavit collect postgres --data-source shop --log-dir /var/lib/postgresql/15/main/log",
      isEndless: true,
      isOnHost: true,
    },
    {
      does: "What there is, every statement, for a first look",
      line: "affidavit collect postgres --all --once --log-dir /var/lib/postgresql/15/main/log",
      isOnHost: true,
    },
  ],
  async run({ given }, terminal) {
    logsAt(given);
    const server = connect(given, terminal);
    const source = await findDataSource({ server, attempts: given.once ? undefined : Number.POSITIVE_INFINITY }, given);
    const stateFile = stateFileOf(given, source);
    const unlock = await lockState(stateFile, terminal.signal);
    try {
      return await collect({ given, terminal, server, source, report: new Report(terminal) }, stateFile);
    } finally {
      unlock();
    }
  },
});
