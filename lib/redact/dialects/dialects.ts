import { type CompiledReading, compile, type Reading } from "../reading.ts";
import { BIGQUERY } from "./bigquery.ts";
import { DATABRICKS } from "./databricks.ts";
import { MYSQL } from "./mysql.ts";
import { ORACLE } from "./oracle.ts";
import { POSTGRES } from "./postgres.ts";
import { SNOWFLAKE } from "./snowflake.ts";
import { SQLITE } from "./sqlite.ts";
import { TSQL } from "./tsql.ts";

/** Each dialect as the set of its readings. */
const READINGS = {
  postgres: POSTGRES,
  mysql: MYSQL,
  snowflake: SNOWFLAKE,
  bigquery: BIGQUERY,
  tsql: TSQL,
  /** Made of PostgreSQL 8; its names with `#` are an operator and a name to us, which shows the same. */
  redshift: POSTGRES,
  databricks: DATABRICKS,
  sqlite: SQLITE,
} satisfies Record<string, readonly Reading[]>;

export type Dialect = keyof typeof READINGS | "unknown";

const BY_DIALECT = new Map<string, readonly CompiledReading[]>(
  Object.entries(READINGS).map(([dialect, readings]) => [dialect, readings.map(compile)]),
);

/**
 * Where the dialect is not known, a text must be safe in all of them. A backtick need not stop those that do not know it: a text
 * with one is none of theirs.
 */
const ALL: readonly CompiledReading[] = [...new Set([...Object.values(READINGS).flat(), ...ORACLE])].map((reading) =>
  compile({ ...reading, operators: "`" }),
);

export function readingsOf(dialect: Dialect): readonly CompiledReading[] {
  return BY_DIALECT.get(dialect) ?? ALL;
}
