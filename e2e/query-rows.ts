import { minutesAgo } from "./log-page";

/** Minutes of a day. */
export const DAY = 24 * 60;

/** A query of this run, complete so many minutes ago. */
export const queryOf = (run: string, minutes: number, extra: object = {}) => ({
  kind: "query",
  username: `${run}-ana`,
  role: run,
  query_text: "select name, email from customers where id = 7 and city = 'Basel' order by name",
  query_id: `${run}-${minutes}`,
  rows_accessed: 1_234,
  bytes_accessed: 56_789,
  execution_status: "success",
  decision: "masked",
  completed_at: minutesAgo(minutes),
  data_source_type: "postgres",
  objects_accessed: [
    { database: "shop", schema: "public", table: "customers", column: "name" },
    { database: "shop", schema: "public", table: "customers", column: "email" },
  ],
  tags_accessed: [{ key: "PII", value: "email", decision: "masked", rationale: "role analyst" }],
  policies_applied: [{ policy_id: "pol_7", name: "Mask e-mail", decision: "masked", reason: "analysts see no e-mail" }],
  ...extra,
});
