import { keptOf } from "./statement-text";

/** One record of a PostgreSQL log, as far as the collector uses it. What else stands in it is dropped when it is read. */
export interface LogRecord {
  /** Which record of its file it is, from 1; 0 where nobody counts. */
  number: number;
  /** When it was logged, µs since 1970. */
  micros: number;
  user?: string | undefined;
  database?: string | undefined;
  /** Address of the client; absent for a local socket. */
  clientIp?: string | undefined;
  sessionId: string;
  /** Number of the record in its session, from 1. */
  line: number;
  /** Command tag, such as `SELECT`; `PARSE` and `BIND` in those phases of the extended protocol. */
  command?: string | undefined;
  severity: string;
  sqlState?: string | undefined;
  message: string;
  /** SQL of the PREPARE behind an EXECUTE: the one part of `detail` that is looked at. It never leaves the process. */
  prepared?: string | undefined;
  /** The statement that failed. */
  statement?: string | undefined;
  application?: string | undefined;
  backend?: string | undefined;
  /** The record is too long to be read whole: of its last field there is a part, and those behind it are missing. */
  isCut?: boolean;
}

/** The members that both formats have, as text and as logged. */
export interface LoggedFields {
  timestamp?: string | undefined;
  user?: string | undefined;
  database?: string | undefined;
  pid?: string | undefined;
  remoteHost?: string | undefined;
  sessionId?: string | undefined;
  line?: string | undefined;
  command?: string | undefined;
  sessionStart?: string | undefined;
  severity?: string | undefined;
  sqlState?: string | undefined;
  message?: string | undefined;
  detail?: string | undefined;
  statement?: string | undefined;
  application?: string | undefined;
  backend?: string | undefined;
}

const TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) (\S+)$/;

/** A logged time without its zone, ms as if it were UTC, and the zone's abbreviation. */
function wallClock(text: string | undefined): { ms: number; zone: string } | undefined {
  const [, day, time, zone] = TIME.exec(text ?? "") ?? [];
  const ms = Date.parse(`${day}T${time}Z`);
  return zone === undefined || Number.isNaN(ms) ? undefined : { ms, zone };
}

/** Zones whose distance from UTC is known, ms, by the abbreviation that log_timezone gives them. */
const zones = new Map<string, number>([
  ["UTC", 0],
  ["GMT", 0],
]);
const ZONES_MAX = 100;

/** `+02`, `-0330`: zones without a name are logged as their distance. */
function numericZone(zone: string): number | undefined {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? undefined : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/**
 * Distance of the record's time from UTC, ms. Abbreviations such as IST are several zones'; but a session's id begins with
 * the second since 1970 in which it began, and that second is logged in the log's own zone too.
 */
function distanceOf(zone: string, { sessionId, sessionStart }: LoggedFields): number {
  const known = numericZone(zone) ?? zones.get(zone);
  if (known !== undefined) return known;
  const start = wallClock(sessionStart);
  const second = Number.parseInt(/^([0-9a-f]+)\./.exec(sessionId ?? "")?.[1] ?? "", 16);
  if (!start || Number.isNaN(second)) return 0;
  const distance = Math.round((start.ms - second * 1000) / 60_000) * 60_000;
  if (start.zone === zone && zones.size < ZONES_MAX) zones.set(zone, distance);
  return distance;
}

const PREPARE = /^prepare: /;

const filled = (text: string | undefined) => (text === undefined || text === "" ? undefined : text);

/** @returns undefined for what is no record of a log */
export function toRecord(fields: LoggedFields): LogRecord | undefined {
  const time = wallClock(fields.timestamp);
  const line = Number(fields.line);
  const sessionId = filled(fields.sessionId) ?? `${fields.pid} ${fields.sessionStart}`;
  if (!time || !Number.isSafeInteger(line) || fields.message === undefined) return undefined;
  const { remoteHost } = fields;
  return {
    number: 0,
    micros: (time.ms - distanceOf(time.zone, fields)) * 1000,
    user: filled(fields.user),
    database: filled(fields.database),
    clientIp: remoteHost === "[local]" ? undefined : filled(remoteHost),
    sessionId,
    line,
    command: filled(fields.command),
    severity: fields.severity ?? "",
    sqlState: filled(fields.sqlState),
    message: fields.message,
    prepared: PREPARE.test(fields.detail ?? "") ? keptOf(fields.detail?.replace(PREPARE, "") ?? "") : undefined,
    statement: fields.statement ? keptOf(fields.statement) : undefined,
    application: filled(fields.application),
    backend: filled(fields.backend),
  };
}
