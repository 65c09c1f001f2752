import { statSync } from "node:fs";
import { parseStrictJson } from "../lib/ingest/strict-json";
import { parseMicros } from "../lib/log-kinds/time";
import { cloudTrailToCall } from "./cloudtrail-record";
import { defineCommand } from "./command";
import { APP, appIdOf, CONNECTION, connect } from "./connection";
import { checkFields, Delivery, type Source } from "./delivery";
import type { Outgoing } from "./event-sender";
import { UsageFault } from "./faults";
import { readRecords } from "./read-records";
import type { RawRecord } from "./record-splitter";

/** Bytes of a file; of one that is not there its reading tells. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function toEvent({ text, line }: RawRecord): Outgoing {
  // As strict as the server: it would never see that JSON.parse had changed a number or dropped a name.
  const { id, kind, ...fields } = cloudTrailToCall(parseStrictJson(text, { per: "document" }));
  checkFields(kind, fields);
  return {
    json: JSON.stringify({ id, kind, ...fields }),
    line,
    occurredMicros: parseMicros(String(fields.occurred_at)),
  };
}

const sourceOf = (file: string): Source => ({
  name: file,
  bytes: sizeOf(file),
  records: (onBytes) => readRecords(file, { listName: "Records", onBytes }),
  toEvent,
});

export const importCloudTrail = defineCommand({
  name: "import cloudtrail",
  summary: "Write AWS CloudTrail records to an application's log, with their own times",
  operands: "<file>…",
  about: [
    'A file holds `{"Records": […]}`, an array, or one record a line (also with the members that Logstash adds); each also gzipped, which is told by the content, not the name. Files are read as streams: their size does not matter.',
    "Importing twice makes no doubles: a row's id is the record's eventID, or is made of its content.",
  ],
  options: {
    ...CONNECTION,
    ...APP,
    "dry-run": { about: "Reads and checks everything, sends nothing" },
    json: {
      about:
        "The last line is one object `{records, sent, created, duplicate, refused, refusals: [{file, line, reason}], url, app_id, app_name, portal}`; `sent` counts what the server took, `created` and `duplicate`",
    },
  },
  examples: [
    { does: "One file", line: "affidavit import cloudtrail trail.json.gz" },
    { does: "What would be refused, and why", line: "affidavit import cloudtrail --dry-run trail.json.gz" },
    {
      does: "Many files, to one application of a key of the whole organization",
      line: 'affidavit import cloudtrail --app "Demo app" trail.json.gz other.json',
    },
  ],
  async run({ given, operands }, terminal) {
    if (operands.length === 0) throw new UsageFault("Name at least one file.");
    const server = given["dry-run"] ? undefined : connect(given, terminal);
    const appId = server && given.app !== undefined ? await appIdOf(server, given.app) : undefined;
    const delivery = new Delivery({
      noun: "records",
      terminal,
      target: server && { server, appId },
      isJson: given.json === true,
      repeating: "what is stored already is recognised.",
    });
    return delivery.run(operands.map(sourceOf));
  },
});
