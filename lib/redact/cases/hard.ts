import { BIGQUERY } from "./bigquery.ts";
import { DATABRICKS } from "./databricks.ts";
import { COMMON } from "./every-dialect.ts";
import { MYSQL } from "./mysql.ts";
import { POSTGRES } from "./postgres.ts";
import { SNOWFLAKE } from "./snowflake.ts";
import { SQLITE } from "./sqlite.ts";
import { STATEMENTS } from "./statements.ts";
import { TSQL } from "./tsql.ts";

/** All hard cases, one by one. */
export const HARD = [COMMON, POSTGRES, MYSQL, SNOWFLAKE, BIGQUERY, TSQL, DATABRICKS, SQLITE, STATEMENTS]
  .flat()
  .flatMap(({ dialects, cases }) => cases.map(([sql, shows]) => ({ dialects, sql, shows })));
