import type { DataSource } from "@/lib/contracts/data-sources";

/** What the types are called by people. */
export const TYPE_NAMES: Record<DataSource["type"], string> = {
  postgres: "PostgreSQL",
  mysql: "MySQL",
  snowflake: "Snowflake",
  bigquery: "BigQuery",
  tsql: "SQL Server (T-SQL)",
  redshift: "Redshift",
  databricks: "Databricks",
  sqlite: "SQLite",
};
