import { Evidence } from "./evidence";
import { type Audit, readMessage, type Said } from "./message";
import type { LogRecord } from "./record";
import type { LogPlace, Statement } from "./statement";

/** What was read of a log and is no row, by why. */
export interface PairingCounts {
  /** Records of a log. */
  records: number;
  /** Statements whose end the log does not tell: durations are off, or the server or session ended before. */
  unfinished: number;
  /** Durations without a statement, as log_duration alone gives them. */
  textless: number;
}

interface Session {
  /** Number of the last record: one that is read again changes nothing. */
  line: number;
  /** Told by log_statement, not complete yet. */
  begun?:
    | { text: string; isExecute: boolean; prepared: string | undefined; place: LogPlace; micros: number }
    | undefined;
  evidence: Evidence;
  /** Complete; in the extended protocol pgaudit and auto_explain speak after the duration. */
  done?: Done | undefined;
  /** Sent on the word of pgaudit alone: should its end come after all, it is recorded already. */
  recorded?: Recorded | undefined;
  /** Handed on before pgaudit spoke: in a transaction a portal is closed, and told, with the session's next statement. */
  owed?: Owed | undefined;
}

interface Owed {
  text: string;
  id?: number;
  /** Of the record that completed it. A restart goes back to it: else the late word would be taken for a statement of its own. */
  place: LogPlace;
  micros: number;
}

interface Recorded {
  /** Number of the statement in its session, as pgaudit counts. */
  id: number | undefined;
  text: string;
  micros: number;
  /** pgaudit told of it at its end, so that no error of it can follow. */
  isOver: boolean;
}

interface Done {
  statement: Statement;
  place: LogPlace;
  readMs: number;
  planRows?: number | undefined;
  isAudited?: boolean;
}

/** One record, and where and when it was read. */
interface Heard {
  record: LogRecord;
  place: LogPlace;
  nowMs: number;
}

/** A statement as told by its duration. */
interface Told {
  text: string;
  durationMs: number;
  isExecute: boolean;
  prepared: string | undefined;
}

/** How long what pgaudit says after a duration is waited for, ms. It is written by the same process right after. */
const AFTERWORD_MS = 250;
/** How long the end of what pgaudit told of is waited for where no durations are logged, ms. */
const NO_DURATION_MS = 1_000;
/** Whether the log tells durations. `off`: a session went on to its next statement without one, and none was ever seen. */
export type Durations = "unknown" | "on" | "off";

/** What a checkpoint keeps of a log. */
export interface KnownOfLog {
  durations?: Durations;
  hasAudits?: boolean;
}

/** So long a statement without an end holds the place to which a restart goes back, µs of the log's time. */
const HOLD_MICROS = 24 * 3_600_000_000;
/** The same of a statement that only pgaudit may still speak of: idle in a transaction for longer, it is taken for told. */
const OWED_MICROS = 10 * 60_000_000;
/** Sessions that are known, at most: their ends are in the log only with log_disconnections. */
const SESSIONS_MAX = 50_000;

/** Processes that run statements of clients; parallel workers repeat the errors of their leader. */
const CLIENT_BACKENDS = new Set(["client backend", "walsender"]);
const ALL_ENDED = /^(?:starting PostgreSQL |all server processes terminated)/;
/** Stands for a statement that the log has only behind more than is read of a record. */
const UNREAD = "/* The statement is not read: its log record is too long. */";
const FAILED = new Set(["ERROR", "FATAL", "PANIC"]);

/**
 * Makes statements of the records of one log, which must come in its order. A statement is handed on when it is complete:
 * its duration or error is known, or pgaudit has told of it and its session went on or ended without. pgaudit may speak when
 * a statement starts (log_rows = off), so time alone completes it only where durations are known to be off.
 */
export class Pairing {
  readonly counts: PairingCounts = { records: 0, unfinished: 0, textless: 0 };
  private readonly sessions = new Map<string, Session>();
  /** Whether any duration of a statement was read. */
  hasDurations = false;
  /** What is known of the log, also from before a restart. */
  durations: Durations;
  /** Whether pgaudit was ever heard, also before a restart: else nothing of it is waited for. */
  hasAudits: boolean;
  private lastMicros = 0;
  private complete: Statement[] = [];

  constructor({ durations = "unknown", hasAudits = false }: KnownOfLog = {}) {
    this.durations = durations;
    this.hasAudits = hasAudits;
  }

  /** @returns statements that are complete by this record */
  push(record: LogRecord, place: LogPlace, nowMs: number): Statement[] {
    this.counts.records += 1;
    this.lastMicros = record.micros;
    if (ALL_ENDED.test(record.message)) this.endAll();
    else if (record.backend === undefined || CLIENT_BACKENDS.has(record.backend)) this.take(record, place, nowMs);
    return this.handOver();
  }

  /** @returns statements for which nothing more is waited */
  expire(nowMs: number): Statement[] {
    for (const session of this.sessions.values()) {
      if (session.done && nowMs - session.done.readMs >= AFTERWORD_MS) this.release(session);
      const { since, hasAudits } = session.evidence;
      const isOver = this.durations === "off" || !hasAudits;
      if (since && isOver && !session.begun && nowMs - since.readMs >= NO_DURATION_MS) this.presume(session);
    }
    return this.handOver();
  }

  /** Reading stops here, and may go on from `oldestOpen` another time. @returns what is complete as far as one can tell */
  pause(): Statement[] {
    for (const session of this.sessions.values()) {
      this.release(session);
      if (session.begun) this.counts.unfinished += 1;
      else if (this.durations === "off") this.presume(session);
    }
    return this.handOver();
  }

  /** The log ends here. @returns what is left to hand on */
  finish(): Statement[] {
    this.endAll();
    return this.handOver();
  }

  /** Where the oldest record begins of which something is still to come; undefined: nowhere. */
  oldestOpen(): LogPlace | undefined {
    let oldest: LogPlace | undefined;
    for (const { begun, evidence, done, owed } of this.sessions.values()) {
      const open: ({ place: LogPlace; micros: number } | undefined)[] = [begun, evidence.since].filter(
        (each) => each && this.lastMicros - each.micros < HOLD_MICROS,
      );
      if (owed && this.hasAudits && this.lastMicros - owed.micros < OWED_MICROS) open.push(owed);
      for (const place of [...open.map((each) => each?.place), done?.place]) {
        if (place && (!oldest || place.order < oldest.order)) oldest = place;
      }
    }
    return oldest;
  }

  private handOver(): Statement[] {
    const { complete } = this;
    this.complete = [];
    return complete;
  }

  private sessionOf(record: LogRecord): Session {
    const known = this.sessions.get(record.sessionId);
    const session = known ?? { line: 0, evidence: new Evidence() };
    // Moved to the end: the first one is the one that was silent longest.
    if (known) this.sessions.delete(record.sessionId);
    this.sessions.set(record.sessionId, session);
    if (this.sessions.size > SESSIONS_MAX) {
      for (const [id, silent] of this.sessions) {
        this.end(silent);
        this.sessions.delete(id);
        break;
      }
    }
    return session;
  }

  private take(record: LogRecord, place: LogPlace, nowMs: number): void {
    const session = this.sessionOf(record);
    if (record.line <= session.line) return;
    session.line = record.line;
    if (FAILED.has(record.severity)) {
      this.fail(session, record);
      return;
    }
    const said = readMessage(record.message);
    if (said) this.hear(session, said, { record, place, nowMs });
    else if (record.message.startsWith("disconnection: ")) {
      this.end(session);
      this.sessions.delete(record.sessionId);
    }
  }

  private hear(session: Session, said: Said, heard: Heard): void {
    const { record, place } = heard;
    const { prepared } = record;
    if (said.is === "completed") {
      this.close(session);
      this.completeWith(session, { ...said, prepared }, heard);
    } else if (said.is === "begun") {
      this.close(session);
      this.settle(session);
      session.recorded = undefined;
      session.begun = { ...said, prepared, place, micros: record.micros };
    } else if (said.is === "duration") this.hearDuration(session, said.durationMs, heard);
    else if (said.is === "audit") this.hearAudit(session, said.audit, heard);
    else if (said.is === "plan") this.hearPlan(session, said, heard);
    // A portal is closed, and told by pgaudit, between parsing the next statement and binding it.
    else if (!said.isParse) this.release(session);
  }

  private hearDuration(session: Session, durationMs: number, heard: Heard): void {
    const { begun } = session;
    session.begun = undefined;
    if (begun) this.completeWith(session, { ...begun, durationMs }, heard);
    else if (heard.record.command !== "PARSE" && heard.record.command !== "BIND") this.counts.textless += 1;
  }

  private completeWith(session: Session, told: Told, { record, place, nowMs }: Heard): void {
    this.hasDurations = true;
    this.durations = "on";
    const { recorded } = session;
    session.recorded = undefined;
    // pgaudit tells of a portal before the next one runs.
    session.owed = undefined;
    const { text, durationMs, prepared } = told;
    const begun = record.micros - durationMs * 1_000;
    const bare = { record, durationMs, text, prepared, isError: false, audited: [], rows: undefined };
    const { joined, others } = session.evidence.joinInto(bare, begun);
    this.complete.push(...others);
    if (recorded?.text === text && begun <= recorded.micros + 1_000) return;
    if (told.isExecute) session.done = { statement: joined, place, readMs: nowMs };
    else this.complete.push(joined);
  }

  private fail(session: Session, record: LogRecord): void {
    this.release(session);
    const { begun, recorded } = session;
    session.begun = undefined;
    const text = record.statement ?? begun?.text ?? (record.isCut ? UNREAD : undefined);
    if (text === undefined) return;
    const durationMs = begun && (record.micros - begun.micros) / 1_000;
    const prepared = begun?.prepared;
    const bare = { record, durationMs, text, prepared, isError: true, audited: [], rows: undefined };
    // Where durations are logged, each statement before this one has had its own.
    const since = begun?.micros ?? (this.durations === "on" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    const { joined, others } = session.evidence.joinInto(bare, since);
    this.complete.push(...others);
    session.recorded = undefined;
    if (!recorded || recorded.isOver || recorded.text !== text) this.complete.push(joined);
  }

  private hearAudit(session: Session, audit: Audit, { record, place, nowMs }: Heard): void {
    this.hasAudits = true;
    const { done, evidence } = session;
    if (done && (audit.text === undefined || audit.text === (done.statement.prepared ?? done.statement.text))) {
      const { statement } = done;
      const named = audit.objectName === "" ? [] : [{ type: audit.objectType, name: audit.objectName }];
      done.isAudited = true;
      done.statement = {
        ...statement,
        audited: [...statement.audited, ...named],
        rows: statement.rows ?? audit.rows,
      };
      return;
    }
    this.release(session);
    if (isLate(session, audit)) return;
    session.recorded = undefined;
    if (!session.begun && evidence.hasOther(audit)) {
      if (this.durations === "unknown") this.durations = "off";
      this.settle(session);
    }
    if (evidence.addAudit(audit, record)) this.settle(session);
    else evidence.since ??= { place, micros: record.micros, readMs: nowMs };
  }

  private hearPlan(session: Session, { text, rows }: { text: string; rows?: number | undefined }, heard: Heard): void {
    const { done, evidence } = session;
    if (done && (done.statement.prepared ?? done.statement.text) === text) {
      // Kept apart: pgaudit's count comes after the plan's, and is the better one.
      done.planRows = rows;
      return;
    }
    evidence.addPlan(text, rows);
    evidence.since ??= { place: heard.place, micros: heard.record.micros, readMs: heard.nowMs };
  }

  /** Hands on what was only waiting for pgaudit. */
  private release(session: Session): void {
    const { done } = session;
    session.done = undefined;
    if (!done) return;
    const { statement, place, isAudited } = done;
    session.owed = isAudited
      ? undefined
      : { text: statement.prepared ?? statement.text, place, micros: statement.record.micros };
    this.complete.push({ ...done.statement, rows: done.statement.rows ?? done.planRows });
  }

  /** Another statement begins, so nothing more comes of the one before. */
  private close(session: Session): void {
    this.release(session);
    if (session.begun) this.counts.unfinished += 1;
    session.begun = undefined;
  }

  /** Takes pgaudit's word for what it told. */
  private settle(session: Session): void {
    this.complete.push(...session.evidence.settle());
  }

  /** The same, though the last one's end may still come. */
  private presume(session: Session): void {
    const { last } = session.evidence;
    if (last?.text !== undefined)
      session.recorded = { id: last.id, text: last.text, micros: last.record.micros, isOver: last.isOver };
    this.settle(session);
  }

  private end(session: Session): void {
    this.close(session);
    this.settle(session);
  }

  private endAll(): void {
    for (const session of this.sessions.values()) this.end(session);
    this.sessions.clear();
  }
}

/** Whether it tells of a statement that was handed on. */
function isLate({ owed, recorded }: Session, { id, text, isOver }: Audit): boolean {
  if (owed && isOver && owed.text === text && (owed.id ?? id) === id) {
    owed.id = id;
    return true;
  }
  // What a function runs after its statement was recorded belongs to that one.
  return recorded?.id === id;
}
