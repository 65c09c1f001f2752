import "server-only";
import type { CoverageFinding, CoverageLevel } from "@/lib/contracts/coverage";
import { ENGLISH } from "./coverage-language";
import { alterSystem, overrides, quoteName } from "./coverage-overrides";
import type { ServerSettings } from "./coverage-settings";
import { auditedBy, statementFinding } from "./coverage-statements";

/** jsonlog came with PostgreSQL 15. */
const JSONLOG_SINCE = 150_000;

const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;

const settingOf = ({ settings }: ServerSettings, name: string) => settings.get(name)?.value;
const listOf = (text: string | undefined) =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

type Rule = (server: ServerSettings) => CoverageFinding | CoverageFinding[] | undefined;

const collector: Rule = (server) => {
  const value = settingOf(server, "logging_collector") ?? null;
  const found = { setting: "logging_collector", value };
  return value === "on"
    ? { ...found, level: "ok", message: "The server writes log files.", fix: null }
    : {
        ...found,
        level: "error",
        message: "The server writes no log files, so there is nothing to collect.",
        fix: alterSystem(server, "logging_collector", "on"),
      };
};

const destination: Rule = (server) => {
  const value = settingOf(server, "log_destination") ?? "";
  const present = listOf(value);
  const found = { setting: "log_destination", value };
  if (present.includes("jsonlog") || present.includes("csvlog"))
    return { ...found, level: "ok", message: "Log files are written in a form that can be read exactly.", fix: null };
  const wanted = [...present, server.version >= JSONLOG_SINCE ? "jsonlog" : "csvlog"].join(",");
  return {
    ...found,
    level: "error",
    message: "Neither jsonlog nor csvlog is written: plain text logs cannot be read exactly and are not collected.",
    fix: alterSystem(server, "log_destination", quoteText(wanted)),
  };
};

const threshold: Rule = (server) => {
  const value = settingOf(server, "log_min_messages") ?? "";
  if (value !== "fatal" && value !== "panic") return undefined;
  return {
    level: "error",
    setting: "log_min_messages",
    value,
    message: `Only messages of level ${value} are written. Statements are of level log, and are left out.`,
    fix: alterSystem(server, "log_min_messages", "warning"),
  };
};

const failures: Rule = (server) => {
  const value = settingOf(server, "log_min_error_statement") ?? "";
  if (!["log", "fatal", "panic"].includes(value)) return undefined;
  return {
    level: "warning",
    setting: "log_min_error_statement",
    value,
    message: "Statements that fail are written without their text, and are not recorded.",
    fix: alterSystem(server, "log_min_error_statement", "error"),
  };
};

/** The collector knows statements by the words around them. */
const language: Rule = (server) => {
  const value = settingOf(server, "lc_messages");
  if (value === undefined || ENGLISH.test(value)) return undefined;
  const found = { setting: "lc_messages", value, fix: alterSystem(server, "lc_messages", "'C'") };
  return value === ""
    ? {
        ...found,
        level: "warning",
        message: "The language of messages is that of the server's environment. Only English ones are read.",
      }
    : {
        ...found,
        level: "error",
        message: "Messages are written in another language than English: durations and statements are not recognised.",
      };
};

/** Bind values are dropped by the collector; in the server's own log files they would stand in the clear. */
const parameters: Rule = (server) =>
  ["log_parameter_max_length", "log_parameter_max_length_on_error"].flatMap((setting) => {
    const value = settingOf(server, setting);
    if (value === undefined || value === "0") return [];
    return [
      {
        level: "warning" as const,
        setting,
        value,
        message:
          "The server writes bind values to its log files. They are never collected, but stay in those files in the clear.",
        fix: alterSystem(server, setting, "0"),
      },
    ];
  });

const rotation: Rule = (server) => {
  const [age, size] = [settingOf(server, "log_rotation_age"), settingOf(server, "log_rotation_size")];
  if (settingOf(server, "log_truncate_on_rotation") === "on")
    return {
      level: "warning",
      setting: "log_truncate_on_rotation",
      value: "on",
      message:
        "A log file is emptied when its name comes round again. What the collector has not read by then is lost: keep it running.",
      fix: alterSystem(server, "log_truncate_on_rotation", "off"),
    };
  if (age !== "0" || size !== "0") return undefined;
  return {
    level: "warning",
    setting: "log_rotation_age",
    value: age ?? null,
    message: "One log file grows without end, until the disk is full and the server stops.",
    fix: alterSystem(server, "log_rotation_age", "'1d'"),
  };
};

/** The classes of pgaudit.log that are there, and what reads and writes rows. */
function withReadAndWrite(classes: string): string {
  const kept = listOf(classes.toLowerCase()).filter((one) => !/^(none|-?read|-?write)$/.test(one));
  return [...(kept.includes("all") ? [] : ["read", "write"]), ...kept].join(", ");
}

/** How many rows a statement touched is known to pgaudit and to auto_explain only. */
const rowCounts: Rule = (server) => {
  const [audited, rows] = [settingOf(server, "pgaudit.log"), settingOf(server, "pgaudit.log_rows")];
  const isAudited = auditedBy(audited ?? "") === "all";
  if (isAudited && rows === "on")
    return { level: "ok", setting: "pgaudit.log_rows", value: "on", message: "Rows accessed are recorded.", fix: null };
  const plans = settingOf(server, "auto_explain.log_min_duration") ?? "-1";
  if (plans !== "-1" && settingOf(server, "auto_explain.log_analyze") === "on")
    return {
      level: "ok",
      setting: "auto_explain.log_analyze",
      value: "on",
      message: "Rows accessed are recorded, from the plans that auto_explain writes.",
      fix: null,
    };
  const message = "How many rows a statement touched is not recorded";
  if (audited === undefined)
    return {
      level: "warning",
      setting: "pgaudit.log_rows",
      value: rows ?? null,
      message: `${message}: pgaudit is not loaded. Install its package (such as postgresql-15-pgaudit), add it to shared_preload_libraries and restart.`,
      fix: null,
    };
  const fixRows = alterSystem(server, "pgaudit.log_rows", "on");
  if (isAudited)
    return { level: "warning", setting: "pgaudit.log_rows", value: rows ?? null, message: `${message}.`, fix: fixRows };
  return {
    level: "warning",
    setting: "pgaudit.log",
    value: audited,
    message: `${message} of all statements: pgaudit does not write both reading and writing ones.`,
    fix: `ALTER SYSTEM SET pgaudit.log = ${quoteText(withReadAndWrite(audited))};\n${fixRows}`,
  };
};

const rights: Rule = ({ readsAll, role }) =>
  readsAll
    ? undefined
    : {
        level: "warning",
        setting: "pg_read_all_settings",
        value: null,
        message: `“${role}” may not read all settings: what is hidden from it, such as shared_preload_libraries, was not checked.`,
        fix: `GRANT pg_read_all_settings TO ${quoteName(role)};`,
      };

const pending: Rule = ({ settings }) =>
  [...settings]
    .filter(([, { isPending }]) => isPending)
    .map(([setting, { value }]) => ({
      level: "warning" as const,
      setting,
      value,
      message: "It was changed, and takes effect only when the server is restarted.",
      fix: "-- Restart the server.",
    }));

const RULES: readonly Rule[] = [
  collector,
  destination,
  threshold,
  statementFinding,
  failures,
  language,
  parameters,
  rowCounts,
  rotation,
  rights,
  overrides,
  pending,
];
const ORDER: Record<CoverageLevel, number> = { error: 0, warning: 1, ok: 2 };

export const worstFirst = (findings: readonly CoverageFinding[]): CoverageFinding[] =>
  [...findings].sort((a, b) => ORDER[a.level] - ORDER[b.level]);

/** What a server's settings mean for what is recorded, the worst first. Pure. */
export const findingsOf = (server: ServerSettings): CoverageFinding[] =>
  worstFirst(RULES.flatMap((rule) => rule(server) ?? []));
