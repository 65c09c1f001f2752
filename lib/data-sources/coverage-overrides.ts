import "server-only";
import type { CoverageFinding } from "@/lib/contracts/coverage";
import { ENGLISH } from "./coverage-language";
import type { Override, ServerSettings } from "./coverage-settings";

export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;

const MILLISECONDS: Readonly<Record<string, number>> = {
  "": 1,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SWITCHES: Readonly<Record<string, string>> = { true: "on", yes: "on", "1": "on", false: "off", no: "off" };

/** A value as pg_settings would have it: `5s` is 5000, `True` is on. */
function plain(value: string, setting: string): string {
  const text = value.trim().toLowerCase();
  if (setting === "log_duration" || setting === "pgaudit.log_rows") return SWITCHES[text] ?? text;
  const [, amount, unit = ""] =
    setting === "log_min_duration_statement" ? (/^(-?\d+)\s*([a-z]*)$/.exec(text) ?? []) : [];
  const factor = MILLISECONDS[unit];
  return amount === undefined || factor === undefined ? text : String(Number(amount) * factor);
}

const isOurs = ({ role, database }: Override, server: ServerSettings) =>
  (role === null || role === server.role) && (database === null || database === server.database);
/** As PostgreSQL ranks them: role in database, role, database. */
const rank = ({ role, database }: Override) => (role === null ? 0 : 2) + (database === null ? 0 : 1);

/** What our own connection has instead of the server's value, which is not to be seen through it. */
export function overrideHere(server: ServerSettings, setting: string): Override | undefined {
  const ours = server.overrides.filter((one) => one.setting === setting && isOurs(one, server));
  return ours.sort((a, b) => rank(b) - rank(a))[0];
}

/** SQL that takes it back. */
export function resetOf({ role, database, setting }: Override): string {
  const place = role === null ? `DATABASE ${quoteName(database ?? "")}` : `ROLE ${quoteName(role)}`;
  const inside = role !== null && database !== null ? ` IN DATABASE ${quoteName(database)}` : "";
  return `ALTER ${place}${inside} RESET ${setting};`;
}

const ownerOf = ({ role, database }: Override) => {
  if (role === null) return `Database “${database ?? ""}”`;
  return `“${role}”${database === null ? "" : ` in database “${database}”`}`;
};

/** Said beside a value that is not the server's. Empty where it is. */
export function whoseValue(server: ServerSettings, setting: string): string {
  const here = overrideHere(server, setting);
  return here ? ` ${ownerOf(here)} has that value of its own, ${here.value}; the server's may be another.` : "";
}

/** SQL that sets one parameter for good. Each line is a statement of its own: ALTER SYSTEM takes no transaction. */
export function alterSystem(server: ServerSettings, name: string, value: string): string {
  const here = overrideHere(server, name);
  const then = server.settings.get(name)?.needsRestart ? "-- Then restart the server." : "SELECT pg_reload_conf();";
  // What the server has does not reach a database or role with a value of its own.
  return [...(here ? [resetOf(here)] : []), `ALTER SYSTEM SET ${name} = ${value};`, then].join("\n");
}

function isTelling(override: Override, server: ServerSettings): boolean {
  const { setting, value } = override;
  if (setting === "lc_messages" && ENGLISH.test(value)) return false;
  // All that is said here is said of this database, its own values among it.
  if (isOurs(override, server)) return override.role !== null;
  const theirs = server.settings.get(setting)?.value;
  const isKnown = theirs !== undefined && overrideHere(server, setting) === undefined;
  return !isKnown || plain(value, setting) !== plain(theirs, setting);
}

function messageOf(override: Override, server: ServerSettings): string {
  const { role, database, setting } = override;
  if (isOurs(override, server))
    return `${ownerOf(override)}, as which this was asked, has a value of its own: what is said here of ${setting} is not true of other roles.`;
  const where = database === null ? "" : ` in database “${database}”`;
  const who = role === null ? "All roles" : `“${role}”`;
  return `${who}${where} ${role === null ? "have" : "has"} another value than the server: what is said here of ${setting} is not true of them.`;
}

/** A role with settings of its own is silent where the server's say that all is written. */
export const overrides = (server: ServerSettings): CoverageFinding[] =>
  server.overrides
    .filter((one) => isTelling(one, server))
    .map((one) => ({
      level: "warning",
      setting: one.setting,
      value: one.value,
      message: messageOf(one, server),
      fix: resetOf(one),
    }));
