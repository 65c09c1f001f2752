/** How far back a data source's newest row is looked for: what is silent for longer is silent. */
export const NEWEST_ROW_DAYS = 30;

/** The newest row of one kind that a data source brought. */
export type NewestRow =
  /** When it was stored, RFC 3339 UTC. */
  | { state: "found"; createdAt: string }
  /** None in the last NEWEST_ROW_DAYS days. */
  | { state: "none" }
  /** Too much else is in the log to say it quickly. */
  | { state: "unknown" };

/** By kind: events of one kind must not hide that none of another ever came. */
export interface NewestRows {
  query: NewestRow;
  custom: NewestRow;
}
