/** As a shell takes it whole. */
const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Tells where the log files are; the first needs pg_read_all_settings. */
export const LOG_DIR_SQL = "select current_setting('data_directory'), current_setting('log_directory')";

/** The command that records a source's statements. A directory that nobody knows is left to be filled in, and not guessed. */
export function collectorCommand({ id, origin }: { id: string; origin: string }, logDir: string | null): string {
  const place = quoted(logDir ?? "<log_directory of the server>");
  return `AFFIDAVIT_API_KEY=afd_live_… affidavit collect postgres --url ${origin} --data-source ${id} --log-dir ${place}`;
}
