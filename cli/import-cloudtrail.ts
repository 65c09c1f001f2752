import { parseArgs } from "node:util";
import { env } from "../lib/config/env";
import { AppError } from "../lib/errors/app-error";
import { parseStrictJson } from "../lib/ingest/strict-json";
import { findKind } from "../lib/log-kinds/registry";
import { cloudTrailToCall, RecordFault } from "./cloudtrail-record";
import { findCredentials, UsageFault } from "./credentials";
import { EventSender, type Outgoing, SendFault } from "./event-sender";
import { readRecords } from "./read-records";
import { type RawRecord, ReadFault } from "./record-splitter";

export const CLOUDTRAIL_USAGE = `affidavit import cloudtrail <file.json|.ndjson|.gz>… [options]

  Writes AWS CloudTrail records to an application's log as rows of kind "call", with their own times.
  A file holds {"Records":[…]}, an array, or one record a line; each also gzipped.

  --url <address>   where Affidavit runs   (else AFFIDAVIT_URL, else demo-credentials.json)
  --key <api key>   needs events:write     (else AFFIDAVIT_API_KEY, else demo-credentials.json)
  --app <id>        another application than the key's own
  --dry-run         read and check everything, send nothing
  --json            one JSON object as the last line, for scripts
`;

/** Refusals printed or listed in full; the rest is only counted. */
const REFUSALS_SHOWN_MAX = 1_000;

interface Refusal {
  file: string;
  line: number;
  reason: string;
}

/** Where the words go: the terminal, or a test. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether `err` is a screen on which a line may be overwritten. */
  isScreen: boolean;
}

class Import {
  private records = 0;
  private sent = 0;
  private faults = 0;
  private refused = 0;
  private readonly refusals: Refusal[] = [];
  private file = "";
  private lastShown = 0;
  private readonly sender: EventSender | undefined;
  private readonly terminal: Terminal;
  private readonly isJson: boolean;

  constructor(terminal: Terminal, isJson: boolean, target?: { url: URL; apiKey: string }) {
    this.terminal = terminal;
    this.isJson = isJson;
    this.sender =
      target &&
      new EventSender({
        ...target,
        onRefused: (event, reason) => this.refuse(event.line, reason),
        onRetry: (why, ms) => terminal.err(`Waiting ${(ms / 1000).toFixed(1)} s: ${why}\n`),
      });
  }

  /** @throws SendFault */
  async run(files: readonly string[]): Promise<void> {
    for (const file of files) {
      this.file = file;
      try {
        for await (const record of readRecords(file)) await this.take(record);
      } catch (error) {
        if (!(error instanceof ReadFault)) throw error;
        this.faults += 1;
        this.terminal.err(`${file}: ${error.message}\n`);
      }
      // Flushed before the next file, so that a refusal names the right one.
      await this.sender?.flush();
    }
  }

  /** @returns the exit code */
  finish(): 0 | 1 {
    const { records, sent, refused } = this;
    const { created, duplicate } = this.sender?.totals ?? { created: 0, duplicate: 0 };
    this.clearProgress();
    if (this.isJson) {
      this.terminal.out(`${JSON.stringify({ records, sent, created, duplicate, refused, refusals: this.refusals })}\n`);
    } else if (this.sender) {
      const counts = `${sent} sent, ${created} created, ${duplicate} duplicate, ${refused} refused`;
      this.terminal.out(`${records} records: ${counts}.\n`);
    } else this.terminal.out(`${records} records: ${records - refused} would be sent, ${refused} refused.\n`);
    return refused + this.faults > 0 ? 1 : 0;
  }

  private async take(record: RawRecord): Promise<void> {
    this.records += 1;
    const event = this.toEvent(record);
    if (event && this.sender) {
      this.sent += 1;
      await this.sender.add(event);
    }
    this.showProgress();
  }

  private toEvent(record: RawRecord): Outgoing | undefined {
    try {
      // As strict as the server: it would never see that JSON.parse had changed a number or dropped a name.
      const { id, kind, ...fields } = cloudTrailToCall(parseStrictJson(record.text, { per: "document" }));
      const checked = findKind("call")?.input.safeParse(fields);
      const issue = checked?.error?.issues[0];
      if (issue) throw new RecordFault(`${issue.path.join(".")}: ${issue.message}`);
      return { json: JSON.stringify({ id, kind, ...fields }), line: record.line };
    } catch (error) {
      if (!(error instanceof RecordFault || error instanceof AppError)) throw error;
      this.refuse(record.line, reasonOf(error));
      return undefined;
    }
  }

  private refuse(line: number, reason: string): void {
    this.refused += 1;
    if (this.refused > REFUSALS_SHOWN_MAX) return;
    this.refusals.push({ file: this.file, line, reason });
    this.clearProgress();
    this.terminal.err(`${this.file}, line ${line}: ${reason}\n`);
  }

  private showProgress(): void {
    if (!this.terminal.isScreen || Date.now() - this.lastShown < 200) return;
    this.lastShown = Date.now();
    this.terminal.err(`\r\u001b[K${this.records.toLocaleString("en-US")} records read`);
  }

  private clearProgress(): void {
    if (this.terminal.isScreen && this.lastShown > 0) this.terminal.err("\r\u001b[K");
  }
}

function reasonOf(error: RecordFault | AppError): string {
  if (error instanceof RecordFault) return error.message;
  const faults = (error.options.errors ?? []).slice(0, 3).map(({ pointer, message }) => `${pointer} ${message}`.trim());
  return faults.length > 0 ? `${faults.join("; ")} (${error.code})` : error.message;
}

/** @returns the exit code: 0 everything was taken, 1 something was not, 2 the arguments cannot work */
export async function importCloudTrail(args: string[], terminal: Terminal): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: "string" },
        key: { type: "string" },
        app: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    if (positionals.length === 0) throw new UsageFault("Name at least one file.");
    const target = values["dry-run"] ? undefined : findCredentials(values, env());
    const endpoint = target && new URL(`${target.url.pathname.replace(/\/+$/, "")}/v1/events`, target.url);
    if (endpoint && values.app) endpoint.searchParams.set("app_id", values.app);
    const run = new Import(terminal, values.json, target && endpoint && { url: endpoint, apiKey: target.apiKey });
    return await attempt(run, positionals, terminal);
  } catch (error) {
    const isUsage =
      error instanceof UsageFault || String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
    if (!isUsage) throw error;
    terminal.err(`${(error as Error).message}\n\n${CLOUDTRAIL_USAGE}`);
    return 2;
  }
}

async function attempt(run: Import, files: readonly string[], terminal: Terminal): Promise<0 | 1> {
  try {
    await run.run(files);
    return run.finish();
  } catch (error) {
    if (!(error instanceof SendFault)) throw error;
    run.finish();
    terminal.err(
      `${error.message}\nNot everything was sent. Run the same command again: what is stored already is recognised.\n`,
    );
    return 1;
  }
}
