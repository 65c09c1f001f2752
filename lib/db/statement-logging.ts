import "server-only";
import type pg from "pg";

interface Way {
  setting: string;
  writes: (value: string) => boolean;
  /** What ends it, for one user; only a superuser may. */
  remedy: { setting: string; value: string };
}

const NO_PARAMETERS = { setting: "log_parameter_max_length", value: "0" };
const isDuration = (value: string) => Number.parseFloat(value) >= 0;

/** Ways in which PostgreSQL writes the parameters of statements, and with them rows of the log, into its own log. */
const WAYS: readonly Way[] = [
  { setting: "log_min_duration_statement", writes: isDuration, remedy: NO_PARAMETERS },
  { setting: "log_min_duration_sample", writes: isDuration, remedy: NO_PARAMETERS },
  { setting: "log_transaction_sample_rate", writes: (value) => Number(value) > 0, remedy: NO_PARAMETERS },
  { setting: "log_statement", writes: (value) => value === "mod" || value === "all", remedy: NO_PARAMETERS },
  {
    setting: "auto_explain.log_min_duration",
    writes: isDuration,
    remedy: { setting: "auto_explain.log_parameter_max_length", value: "0" },
  },
  {
    setting: "pgaudit.log_parameter",
    writes: (value) => value === "on",
    remedy: { setting: "pgaudit.log_parameter", value: "off" },
  },
];

/**
 * A sentence for each setting by which this server would write what we store into its own log; none where it writes nothing
 * of it. What it logs of a statement that fails we end ourselves, in every session (`log_parameter_max_length_on_error`).
 */
export async function statementLoggingWarnings(client: Pick<pg.ClientBase, "query">): Promise<string[]> {
  const names = WAYS.flatMap(({ setting, remedy }) => [setting, remedy.setting]);
  const { rows } = await client.query<{ name: string; value: string | null }>(
    "select name, current_setting(name, true) as value from unnest($1::text[]) as name",
    [names],
  );
  const values = new Map(rows.map(({ name, value }) => [name, value ?? ""]));
  return WAYS.flatMap(({ setting, writes, remedy }) => {
    const value = values.get(setting) ?? "";
    if (value === "" || !writes(value) || values.get(remedy.setting) === remedy.value) return [];
    return [
      `PostgreSQL writes rows of the log into its own log (${setting} = ${value}): as a superuser, ALTER ROLE <our user> SET ${remedy.setting} = ${remedy.value}, then start again.`,
    ];
  });
}
