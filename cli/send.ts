import { randomUUID } from "node:crypto";
import path from "node:path";
import { canonicalJson } from "../lib/ingest/canonical-json";
import { parseStrictJson } from "../lib/ingest/strict-json";
import { findKind } from "../lib/log-kinds/registry";
import { parseMicros } from "../lib/log-kinds/time";
import { defineCommand } from "./command";
import { CONNECTION, connect, LOG, logIdOf } from "./connection";
import { checkFields, Delivery, type Source } from "./delivery";
import { derivedId } from "./derived-id";
import type { Outgoing } from "./event-sender";
import { RecordFault, UsageFault } from "./faults";
import { sizeOf } from "./import-cloudtrail";
import { readRecords } from "./read-records";
import type { Terminal } from "./terminal";

type Event = Record<string, unknown>;
const isObject = (value: unknown): value is Event =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Ids for events that have none. In an input with a name, an event with a time is known by name, content and how often
 * that content came before, so that the same input again is the same events. Any other one gets a random id: two calls
 * that look alike are two calls.
 */
class Ids {
  private readonly name: string | undefined;
  private readonly seen = new Map<string, number>();

  constructor(name: string | undefined) {
    this.name = name;
  }

  for(event: Event): string {
    if (this.name === undefined || typeof event.occurred_at !== "string") return randomUUID();
    const id = derivedId(JSON.stringify([this.name, canonicalJson(event)]));
    const earlier = this.seen.get(id) ?? 0;
    this.seen.set(id, earlier + 1);
    return earlier === 0 ? id : derivedId(`${id} ${earlier}`);
  }
}

function toOutgoing(event: unknown, line: number, ids: Ids): Outgoing {
  if (!isObject(event)) throw new RecordFault("is not a JSON object");
  const { id: _id, app_id: _app, kind, ...fields } = event;
  checkFields(String(kind), fields);
  const hasId = event.id !== undefined && event.id !== null;
  return {
    json: JSON.stringify(hasId ? event : { ...event, id: ids.for(event) }),
    line,
    kind: String(kind),
    occurredMicros: parseMicros(String(event.occurred_at)),
  };
}

/** A file, or the standard input. */
function sourceOf(file: string, terminal: Terminal, name: string | undefined): Source {
  const isInput = file === "-";
  const ids = new Ids(name ?? (isInput ? undefined : path.basename(file)));
  return {
    name: isInput ? "standard input" : file,
    bytes: isInput ? undefined : sizeOf(file),
    records: (onBytes) => readRecords(isInput ? terminal.input : file, { listName: "events", onBytes }),
    // As strict as the server, which would never see that JSON.parse had changed a number or dropped a name.
    toEvent: ({ text, line }) => toOutgoing(parseStrictJson(text, { per: "document" }), line, ids),
  };
}

/** `latency_ms=184` → a number, as the field is declared; `name:=json` takes any JSON. */
function parseField(text: string, fields: ReadonlyMap<string, string>): [string, unknown] {
  const [, name = "", operator, value = ""] = /^([^=:]+)(:=|=)(.*)$/s.exec(text) ?? [];
  if (!operator) throw new UsageFault(`--field ${text}: write name=value, or name:=JSON.`);
  const type = fields.get(name);
  const isText = operator === "=" && (type === undefined || type === "text" || type === "time");
  if (isText) return [name, value];
  if (operator === "=" && type === "list" && !value.trim().startsWith("[")) return [name, [value]];
  try {
    return [name, parseStrictJson(value, { per: "document" })];
  } catch {
    throw new UsageFault(
      `--field ${text}: ${JSON.stringify(value)} is not ${type === "integer" ? "a number" : "JSON"}.`,
    );
  }
}

/** One event out of `--field` options. @throws UsageFault */
function fieldEvent(given: readonly string[]): Event {
  const kind = given.map((text) => /^kind=(.*)$/s.exec(text)?.[1]).find((value) => value !== undefined) ?? "call";
  const types = new Map((findKind(kind)?.fields ?? []).map((field) => [field.name, field.type]));
  const event: Event = { kind };
  for (const text of given) {
    const [name, value] = parseField(text, types);
    if (Object.hasOwn(event, name) && name !== "kind") throw new UsageFault(`--field ${name} is given twice.`);
    Object.defineProperty(event, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return event;
}

function fieldSource(given: readonly string[]): Source {
  const event = fieldEvent(given);
  return {
    name: "--field",
    records: async function* () {
      yield { text: "", line: 1 };
    },
    toEvent: ({ line }) => toOutgoing(event, line, new Ids(undefined)),
  };
}

function sourcesOf(
  given: { field?: string[]; source?: string },
  operands: readonly string[],
  terminal: Terminal,
): Source[] {
  if (given.field) {
    if (operands.length > 0) throw new UsageFault("Give either files or --field, not both.");
    return [fieldSource(given.field)];
  }
  if (operands.length === 0 && terminal.isInputScreen)
    throw new UsageFault("Name a file, pipe events in, or give one with --field.");
  const files = operands.length > 0 ? operands : ["-"];
  return files.map((file) => sourceOf(file, terminal, given.source));
}

export const sendCommand = defineCommand({
  name: "send",
  summary: "Write events to an application's log",
  operands: "[<file>…]",
  about: [
    'A file (`-` or none: the standard input) holds one event a line, an array, or `{"events": […]}`; each also gzipped. They are sent in batches of at most 1,000 and less than 1 MiB, each answered after it is committed. When the server is busy or away, a batch is sent again with the same ids, as the server asks, ten times at most.',
    "One bad event does not keep the others: it is told with its line and the reason, and the exit code is 1.",
    "An event's own id is kept. Without one, an event of a file that has occurred_at gets an id made of the file's name and its content, so that sending the file again makes no doubles; any other one gets a random id.",
  ],
  options: {
    ...CONNECTION,
    ...LOG,
    field: {
      value: "name=value",
      many: true,
      about:
        "One event, field by field, instead of a file; `name:=JSON` for anything but text. Its kind is `call` unless `kind=` says another",
    },
    source: {
      value: "name",
      about: "Stands for the file's name in ids that are made, also for the standard input, which has none",
    },
    "dry-run": { about: "Reads and checks everything, sends nothing" },
    json: {
      about:
        "The last line is one object `{events, sent, created, duplicate, refused, refusals: [{file, line, reason}], url, app_id, app_name, portal}`",
    },
  },
  examples: [
    {
      does: "One event",
      line: "affidavit send --field outcome=success --field provider_id=github --field method=GET --field response_status=200",
    },
    { does: "A file of events, one a line", line: "affidavit send events.ndjson" },
    { does: "What a program prints", line: "cat events.ndjson | affidavit send --source nightly-job" },
  ],
  async run({ given, operands }, terminal) {
    const sources = sourcesOf(given, operands, terminal);
    const server = given["dry-run"] ? undefined : connect(given, terminal);
    const appId = server && given.app !== undefined ? await logIdOf(server, given.app) : undefined;
    const delivery = new Delivery({
      noun: "events",
      terminal,
      target: server && { server, appId },
      isJson: given.json === true,
      repeating: "events with an id, and those of files with a time, are recognised; others would be stored twice.",
    });
    return delivery.run(sources);
  },
});
