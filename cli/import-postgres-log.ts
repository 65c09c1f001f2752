import { type Command, defineCommand } from "./command";
import { APP, appIdOf, CONNECTION, connect } from "./connection";
import { DATA_SOURCE, findDataSource } from "./data-source";
import { type Aside, checkFields, Delivery, type Source } from "./delivery";
import type { Outgoing } from "./event-sender";
import { UsageFault } from "./faults";
import { sizeOf } from "./import-cloudtrail";
import { Pairing } from "./postgres-log/pairing";
import { type Made, type Maker, makeEvent } from "./postgres-log/query-event";
import { LogReader } from "./postgres-log/reader";
import type { Statement } from "./postgres-log/statement";
import { StatementParser } from "./postgres-log/statement-parser";
import { openBytes } from "./read-records";
import { ReadFault } from "./record-splitter";
import { counted } from "./words";

/** What the end of an import tells beside what was sent. */
interface Tally {
  /** Touch nothing that is connected. */
  skipped: number;
  /** Sent without their objects. */
  unparsed: number;
  damaged: number;
}

const NOT_A_LOG =
  "This is no jsonlog or csvlog of PostgreSQL. Set log_destination = 'jsonlog' (or 'csvlog') and logging_collector = on there, and name the files that end in .json or .csv.";

const CUT_OFF = "The file ends in the middle of a record. What stands before it was read.";

/** When a file's first record was logged, µs; files are read in the order of their log, as sessions go on in the next one. */
async function firstMicros(file: string): Promise<number> {
  const reader = new LogReader();
  try {
    for await (const bytes of openBytes(file)) {
      for (const { record } of reader.push(bytes)) return record.micros;
      if (reader.isForeign) break;
    }
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error;
  }
  return Number.POSITIVE_INFINITY;
}

async function inOrder(files: readonly string[]): Promise<string[]> {
  const timed = await Promise.all(files.map(async (file) => ({ file, micros: await firstMicros(file) })));
  return timed.sort((a, b) => (a.micros < b.micros ? -1 : Number(a.micros > b.micros))).map(({ file }) => file);
}

/** The statements of files that are parts of one log. */
class LogImport {
  readonly tally: Tally = { skipped: 0, unparsed: 0, damaged: 0 };
  readonly pairing = new Pairing();
  private order = 0;
  private readonly maker: Maker;

  constructor(maker: Maker) {
    this.maker = maker;
  }

  source(file: string, isLast: boolean): Source<Outgoing> {
    return {
      name: file,
      bytes: sizeOf(file),
      records: (onBytes) => this.events(file, isLast, onBytes),
      toEvent: (event) => {
        const { id: _id, kind, ...fields } = JSON.parse(event.json) as Record<string, unknown>;
        checkFields(String(kind), fields);
        return event;
      },
    };
  }

  private async *events(file: string, isLast: boolean, onBytes: (bytes: number) => void): AsyncGenerator<Outgoing> {
    const reader = new LogReader();
    let fault: ReadFault | undefined;
    try {
      for await (const bytes of openBytes(file, onBytes)) {
        for (const placed of reader.push(bytes)) yield* this.take(file, placed);
        if (reader.isForeign) break;
      }
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      fault = error;
    }
    const damagedBefore = reader.damaged;
    for (const placed of reader.finish()) yield* this.take(file, placed);
    this.tally.damaged += reader.damaged;
    if (reader.damaged > damagedBefore) fault ??= new ReadFault(CUT_OFF);
    // What is pending was read from the files before, too: it is made whatever became of this one.
    if (isLast) yield* this.make(this.pairing.finish());
    if (reader.kind === undefined && sizeOf(file) > 0) fault ??= new ReadFault(NOT_A_LOG);
    if (fault) throw fault;
  }

  private take(file: string, { record, begin }: { record: Statement["record"]; begin: number }): Outgoing[] {
    this.order += 1;
    return this.make(this.pairing.push(record, { order: this.order, file, offset: begin }, 0));
  }

  private make(statements: readonly Statement[]): Outgoing[] {
    return statements
      .map((statement) => this.count(makeEvent(statement, this.maker)))
      .filter((event) => event !== undefined);
  }

  private count({ event, isParsed }: Made): Outgoing | undefined {
    if (!event) this.tally.skipped += 1;
    else if (!isParsed) this.tally.unparsed += 1;
    return event;
  }

  aside(): Aside {
    const { records, unfinished, textless } = this.pairing.counts;
    const { skipped, unparsed, damaged } = this.tally;
    const isSilent = records > 0 && !this.pairing.hasDurations;
    const parts = [
      `Read ${counted(records, "log records")}`,
      ...(skipped > 0 ? [`${counted(skipped, "statements")} touched no connected column`] : []),
      ...(unparsed > 0
        ? [`${counted(unparsed, "statements")} could not be parsed and ${unparsed === 1 ? "has" : "have"} no objects`]
        : []),
      ...(unfinished > 0 ? [`${counted(unfinished, "statements")} had no end in the log`] : []),
      ...(damaged > 0 ? [`${counted(damaged, "lines")} ${damaged === 1 ? "was" : "were"} no whole record`] : []),
    ];
    const advice = isSilent ? `${NO_DURATIONS}\n` : "";
    return {
      text: `${parts.join(", ")}.\n${advice}`,
      json: { log_records: records, skipped, unparsed, unfinished, textless, damaged, has_durations: !isSilent },
    };
  }
}

const NO_DURATIONS =
  "No duration of a statement is in this log: without one, only errors and what pgaudit tells are recorded. Set log_min_duration_statement = 0 and lc_messages = 'C' on the server.";

export const importPostgresLog: Command = defineCommand({
  name: "import postgres-log",
  summary: "Write the statements of PostgreSQL's log files to an application's query log",
  operands: "<file>…",
  about: [
    "Reads `jsonlog` and `csvlog` files of PostgreSQL, also gzipped, pairs statements with their durations, errors and what pgaudit and auto_explain tell of them, and finds the tables and columns that they touch. Files are read in the order of their first records, whatever order they are named in.",
    "With `--data-source`, only statements that touch a table with a connected column are recorded, with the tags of the columns; without, every statement is, with names as they are written. Bind values are never sent.",
    "Importing twice makes no doubles: a row's id is made of the data source, the session and the line in it. With `--data-source` and without are two imports.",
  ],
  options: {
    ...CONNECTION,
    ...APP,
    ...DATA_SOURCE,
    "dry-run": { about: "Reads and checks everything, sends nothing" },
    json: {
      about:
        "The last line is one object `{statements, sent, created, duplicate, refused, refusals: [{file, line, reason}], log_records, skipped, unparsed, unfinished, textless, damaged, has_durations, url, app_id, app_name, portal}`",
    },
  },
  examples: [
    { does: "Whatever is in a log", line: "affidavit import postgres-log postgresql.json" },
    {
      does: "What touches connected columns of a data source",
      line: "affidavit import postgres-log --data-source shop postgresql.csv",
      isOnHost: true,
    },
  ],
  async run({ given, operands }, terminal) {
    if (operands.length === 0) throw new UsageFault("Name at least one file.");
    const asksServer = !given["dry-run"] || given["data-source"] !== undefined;
    const server = asksServer ? connect(given, terminal) : undefined;
    const dataSource = await findDataSource(server && { server }, given);
    const appId = server && given.app !== undefined ? await appIdOf(server, given.app) : dataSource.appId;
    const log = new LogImport({
      parser: await StatementParser.load(),
      catalogue: dataSource.catalogue,
      dataSourceId: dataSource.id,
      host: dataSource.host,
      isAll: given.all === true,
    });
    const delivery = new Delivery({
      noun: "statements",
      terminal,
      target: server && !given["dry-run"] ? { server, appId } : undefined,
      isJson: given.json === true,
      repeating: "what is stored already is recognised.",
      idsArePlaces: true,
      kind: "query",
      aside: () => log.aside(),
    });
    const files = await inOrder(operands);
    return delivery.run(files.map((file, index) => log.source(file, index === files.length - 1)));
  },
});
