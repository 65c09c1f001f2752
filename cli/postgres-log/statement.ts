import type { LogRecord } from "./record";

/** A statement that is complete, as the log tells it. */
export interface Statement {
  /** The record that completed it: time, session, user, … */
  record: LogRecord;
  /** Undefined where only pgaudit or an error tells of it. */
  durationMs: number | undefined;
  text: string;
  /** SQL behind an EXECUTE. Never sent. */
  prepared: string | undefined;
  isError: boolean;
  /** What pgaudit names: tables, views and others, qualified. */
  audited: readonly { type: string; name: string }[];
  rows: number | undefined;
}

/** Where a record begins; ordered by `order`. */
export interface LogPlace {
  /** Grows with each record that is read. */
  order: number;
  /** The file and which of its contents, by whatever tells them from others. */
  file: string;
  /** Bytes from its beginning. */
  offset: number;
}
