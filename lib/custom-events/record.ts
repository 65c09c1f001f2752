import "server-only";
import { AppError, type Fault } from "@/lib/errors/app-error";
import { type AcceptedEvent, type AcceptOptions, acceptEvent, pointer } from "@/lib/ingest/event";
import { parseStrictJson } from "@/lib/ingest/strict-json";
import { isObject } from "@/lib/log-kinds/field";

/** The members of a record, and no others. */
const MEMBERS = new Set(["event_type", "content_type", "event_details", "event_time"]);
const MEMBERS_IN_WORDS = "event_type, content_type, event_details and, if it has one, event_time";

export interface RecordOptions extends AcceptOptions {
  /** Of all records of the request: the data source that they came from. */
  dataSourceId?: string | undefined;
}

/** The faults of a record's text with pointers into that text. */
function faultsOfText(error: unknown): Fault[] {
  if (!(error instanceof AppError)) throw error;
  const { detail, errors = [] } = error.options;
  if (error.code === "malformed_json" || errors.length === 0)
    return [{ pointer: "", message: `is no record: ${detail}` }];
  return errors;
}

/** One record of custom events, parsed → accepted, or its faults with pointers relative to the record. */
export function acceptRecord(sent: unknown, options: RecordOptions): AcceptedEvent | Fault[] {
  if (!isObject(sent)) return [{ pointer: "", message: "must be an object, or a JSON string of one" }];
  const record = sent as Record<string, unknown>;
  const unknown = Object.keys(record).filter((name) => !MEMBERS.has(name));
  if (unknown.length > 0) {
    return unknown.map((name) => ({
      pointer: pointer([name]),
      message: `is not a member of a record: it has ${MEMBERS_IN_WORDS}`,
    }));
  }
  const { dataSourceId } = options;
  return acceptEvent(
    { ...record, kind: "custom", ...(dataSourceId !== undefined && { data_source_id: dataSourceId }) },
    options,
  );
}

/** The same of a record's JSON text, which is read as strictly as a body. */
export function acceptRecordText(text: string, options: RecordOptions): AcceptedEvent | Fault[] {
  let record: unknown;
  try {
    record = parseStrictJson(text, { per: "document" });
  } catch (error) {
    return faultsOfText(error);
  }
  return acceptRecord(record, options);
}

/** An element of a batch: a record, or a JSON string of one. */
export function acceptElement(sent: unknown, options: RecordOptions): AcceptedEvent | Fault[] {
  return typeof sent === "string" ? acceptRecordText(sent, options) : acceptRecord(sent, options);
}
