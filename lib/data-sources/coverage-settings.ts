import "server-only";
import type pg from "pg";

/** One parameter as the server has it (pg_settings). */
interface Setting {
  /** In its unit: ms, kB, minutes. */
  value: string;
  needsRestart: boolean;
  /** Was changed in a file, and takes effect with the next restart. */
  isPending: boolean;
}

/** A parameter that some role or database sets otherwise. */
export interface Override {
  /** Null: every role. */
  role: string | null;
  /** Null: every database. */
  database: string | null;
  setting: string;
  value: string;
}

/** What the rules look at. */
export interface ServerSettings {
  /** server_version_num: 180001 for 18.1. */
  version: number;
  role: string;
  /** The one that was asked. */
  database: string;
  /** May read every parameter (pg_read_all_settings): else some are simply not there. */
  readsAll: boolean;
  settings: ReadonlyMap<string, Setting>;
  overrides: readonly Override[];
  /** Null: hidden from this role. */
  logDir: string | null;
}

const READ = [
  "logging_collector",
  "log_destination",
  "log_min_messages",
  "log_min_duration_statement",
  "log_min_duration_sample",
  "log_statement_sample_rate",
  "log_transaction_sample_rate",
  "log_statement",
  "log_duration",
  "log_min_error_statement",
  "lc_messages",
  "log_parameter_max_length",
  "log_parameter_max_length_on_error",
  "log_rotation_age",
  "log_rotation_size",
  "log_truncate_on_rotation",
  "shared_preload_libraries",
  "pgaudit.log",
  "pgaudit.log_rows",
  "pgaudit.log_parameter",
  "auto_explain.log_min_duration",
  "auto_explain.log_analyze",
];

const PLACES = ["data_directory", "log_directory"];

/** Those that one role or database may set for itself, and that decide whether its statements are seen. */
const OVERRIDABLE = [
  "log_min_duration_statement",
  "log_statement",
  "log_duration",
  "log_min_messages",
  "log_min_error_statement",
  "lc_messages",
  "pgaudit.log",
  "pgaudit.log_rows",
];

interface SettingRow {
  name: string;
  setting: string;
  context: string;
  pending_restart: boolean;
}

/** log_directory stands below data_directory, unless it is a path from the root (of Windows, too). */
export function logDirOf(data: string | undefined, log: string | undefined): string | null {
  if (!log) return null;
  if (/^([/\\]|[A-Za-z]:)/.test(log)) return log;
  return data ? `${data.replace(/\/+$/, "")}/${log}` : null;
}

/** Reads the parameters that decide what a server writes about its statements. */
export async function readSettings(client: pg.Client): Promise<ServerSettings> {
  const { rows } = await client.query<SettingRow>(
    "select name, setting, context, pending_restart from pg_catalog.pg_settings where name = any($1)",
    [[...READ, ...PLACES]],
  );
  const place = (wanted: string) => rows.find(({ name }) => name === wanted)?.setting;
  const { rows: own } = await client.query<{ version: number; role: string; database: string; reads_all: boolean }>(
    `select current_setting('server_version_num')::int as version, current_user as role,
            current_database()::text as database,
            pg_has_role(current_user, 'pg_read_all_settings', 'usage') as reads_all`,
  );
  const { rows: overrides } = await client.query<Override>(
    `select r.rolname as role, d.datname as database, split_part(c.text, '=', 1) as setting,
            substr(c.text, position('=' in c.text) + 1) as value
     from pg_catalog.pg_db_role_setting s
     left join pg_catalog.pg_roles r on r.oid = s.setrole
     left join pg_catalog.pg_database d on d.oid = s.setdatabase
     cross join lateral unnest(s.setconfig) as c(text)
     where split_part(c.text, '=', 1) = any($1) order by 1 nulls first, 2 nulls first, 3 limit 50`,
    [OVERRIDABLE],
  );
  return {
    version: own[0]?.version ?? 0,
    role: own[0]?.role ?? "",
    database: own[0]?.database ?? "",
    readsAll: own[0]?.reads_all ?? false,
    settings: new Map(
      rows.map(({ name, setting, context, pending_restart }) => [
        name,
        { value: setting, needsRestart: context === "postmaster", isPending: pending_restart },
      ]),
    ),
    overrides,
    logDir: logDirOf(place("data_directory"), place("log_directory")),
  };
}
