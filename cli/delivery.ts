import { AppError } from "../lib/errors/app-error";
import { findKind } from "../lib/log-kinds/registry";
import type { ExitCode } from "./command";
import { type AppLabel, labelApp, SYSTEM_LOG } from "./connection";
import { EventSender, type Outgoing } from "./event-sender";
import { RecordFault, ServerFault } from "./faults";
import { Progress } from "./progress";
import { type RawRecord, ReadFault } from "./record-splitter";
import type { Server } from "./server";
import type { Terminal } from "./terminal";
import { counted, describeSpan, grouped, portalLink } from "./words";

/** Refusals printed or listed in full; the rest is only counted. */
const REFUSALS_SHOWN_MAX = 1_000;

interface Refusal {
  file: string;
  line: number;
  reason: string;
}

/** A file, or what else records come from. */
export interface Source<R extends { line: number } = RawRecord> {
  name: string;
  /** Bytes of the file; undefined where nobody knows before the end. */
  bytes?: number | undefined;
  records: (onBytes: (bytes: number) => void) => AsyncIterable<R>;
  /** @throws RecordFault, AppError of the strict JSON reader */
  toEvent: (record: R) => Outgoing;
}

/** What else there is to tell at the end. */
export interface Aside {
  text: string;
  json: Record<string, unknown>;
}

export interface DeliveryOptions {
  /** What the input holds, in the plural: "records", "events". */
  noun: string;
  terminal: Terminal;
  /** Undefined: a dry run. */
  target: { server: Server; appId: string | undefined } | undefined;
  isJson: boolean;
  /** Whether a second run makes no doubles, in words for after a failure. */
  repeating: string;
  idsArePlaces?: boolean;
  /** The kind of events that do not say their own. Default: `call`. */
  kind?: string;
  aside?: () => Aside;
}

/** Takes events out of files and to a server, and says what became of each. */
export class Delivery {
  private read = 0;
  private bytesRead = 0;
  private bytesTotal: number | undefined;
  private unreadable = 0;
  private refused = 0;
  private readonly refusals: Refusal[] = [];
  private source = "";
  private readonly sender: EventSender | undefined;
  private readonly progress: Progress;
  private readonly options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.progress = new Progress(options.terminal, options.noun);
    this.sender =
      options.target &&
      new EventSender({
        ...options.target,
        idsArePlaces: options.idsArePlaces,
        onRefused: (event, reason) => this.refuse(event.line, reason),
      });
  }

  /**
   * @returns the exit code: 0 everything was taken, 1 something was not
   * @throws what is no fault of input or server
   */
  async run<R extends { line: number }>(sources: readonly Source<R>[]): Promise<ExitCode> {
    const sizes = sources.map(({ bytes }) => bytes);
    this.bytesTotal = sizes.every((bytes) => bytes !== undefined)
      ? sizes.reduce((sum, bytes) => sum + bytes, 0)
      : undefined;
    try {
      for (const source of sources) await this.take(source);
      await this.report();
      return this.refused + this.unreadable > 0 ? 1 : 0;
    } catch (error) {
      const isInterrupted = this.options.terminal.signal.aborted;
      if (!isInterrupted && !(error instanceof ServerFault)) throw error;
      await this.reportEarlyEnd(isInterrupted ? undefined : (error as ServerFault));
      return 1;
    }
  }

  private async take<R extends { line: number }>(source: Source<R>): Promise<void> {
    const { signal } = this.options.terminal;
    this.source = source.name;
    try {
      for await (const record of source.records((bytes) => {
        this.bytesRead += bytes;
      })) {
        signal.throwIfAborted();
        this.read += 1;
        const event = this.toEvent(source, record);
        if (event) await this.sender?.add(event);
        this.progress.show(this.read, this.bytesTotal && this.bytesRead / this.bytesTotal);
      }
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      this.unreadable += 1;
      this.progress.clear();
      this.options.terminal.err(`${source.name}: ${error.message}\n`);
    }
    signal.throwIfAborted();
    // Flushed before the next one, so that a refusal names the right file.
    await this.sender?.flush();
  }

  private toEvent<R extends { line: number }>(source: Source<R>, record: R): Outgoing | undefined {
    try {
      return source.toEvent(record);
    } catch (error) {
      if (!(error instanceof RecordFault || error instanceof AppError)) throw error;
      this.refuse(record.line, reasonOf(error));
      return undefined;
    }
  }

  private refuse(line: number, reason: string): void {
    this.refused += 1;
    if (this.refused > REFUSALS_SHOWN_MAX) return;
    this.refusals.push({ file: this.source, line, reason });
    this.progress.clear();
    this.options.terminal.err(`${this.source}, line ${line}: ${reason}\n`);
  }

  private async reportEarlyEnd(fault: ServerFault | undefined): Promise<void> {
    const { terminal, noun, repeating } = this.options;
    const taken = this.sender?.taken ?? 0;
    if (fault) terminal.err(`${fault.message}\n`);
    await this.report(false);
    const open = `Not everything was sent: ${grouped(taken)} of the ${counted(this.read, noun)} read so far were taken.`;
    const next = fault && !fault.isPassing ? "Mend that first; then" : "To go on,";
    terminal.err(`${fault ? open : `Interrupted. ${open}`}\n${next} run the same command again: ${repeating}\n`);
  }

  /** @param mayAsk whether the server can be asked for the application's name */
  private async report(mayAsk = true): Promise<void> {
    this.progress.clear();
    const { target, isJson, terminal, noun } = this.options;
    const { created, duplicate } = this.sender?.totals ?? { created: 0, duplicate: 0 };
    const counts = { sent: created + duplicate, created, duplicate, refused: this.refused };
    const app = target && mayAsk && counts.sent > 0 ? await this.label(target) : {};
    const aside = this.options.aside?.();
    const where = target && this.whereabouts(target.server, app);
    if (isJson) {
      const summary = { [noun]: this.read, ...counts, refusals: this.refusals, ...aside?.json, ...where?.json };
      return terminal.out(`${JSON.stringify(summary)}\n`);
    }
    const told = where
      ? ` → ${grouped(created)} created, ${grouped(duplicate)} duplicate, ${grouped(this.refused)} refused ${where.text}`
      : `: ${grouped(this.read - this.refused)} would be sent, ${grouped(this.refused)} refused.`;
    return terminal.out(`${counted(this.read, noun)}${told}\n${aside?.text ?? ""}`);
  }

  private get kind(): string | undefined {
    return this.sender?.kind ?? this.options.kind;
  }

  /** The log that they went to. */
  private label({ server, appId }: NonNullable<DeliveryOptions["target"]>): Promise<AppLabel> | AppLabel {
    return this.kind === "system" ? { id: SYSTEM_LOG } : labelApp(server, appId);
  }

  /** Server, application and times of what was taken. */
  private whereabouts(server: Server, app: AppLabel): { text: string; json: Record<string, unknown> } {
    const span = this.sender?.span;
    const link = span && portalLink(server.address, app.id, span, this.kind);
    const label = logName(app);
    const times = span ? `, ${describeSpan(span)}\n${link}` : "";
    return {
      text: `in ${label} at ${server.address}${times}`,
      json: {
        url: server.address,
        ...(app.id && { app_id: app.id }),
        ...(app.name && { app_name: app.name }),
        ...(span && { portal: link }),
      },
    };
  }
}

function logName({ id, name }: AppLabel): string {
  if (id === SYSTEM_LOG) return "the organization's own log";
  if (id === undefined) return "the key's own application";
  return name === undefined ? `app id ${id}` : `"${name}" (app id ${id})`;
}

function reasonOf(error: RecordFault | AppError): string {
  if (error instanceof RecordFault) return error.message;
  const faults = (error.options.errors ?? []).slice(0, 3).map(({ pointer, message }) => `${pointer} ${message}`.trim());
  return faults.length > 0 ? `${faults.join("; ")} (${error.code})` : error.message;
}

/**
 * What the server would say of an event's own fields, so that a bad one does not cost the others a request.
 * @throws RecordFault naming the first field at fault
 */
export function checkFields(kind: string, fields: Record<string, unknown>): void {
  const [issue] = findKind(kind)?.input.safeParse(fields).error?.issues ?? [];
  if (issue) throw new RecordFault(`/${issue.path.join("/")} ${issue.message}`);
}
