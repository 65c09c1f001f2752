import "server-only";
import type { CoverageFinding } from "@/lib/contracts/coverage";
import { alterSystem, whoseValue } from "./coverage-overrides";
import type { ServerSettings } from "./coverage-settings";

const PGAUDIT_CLASSES = ["read", "write"];

interface Way {
  setting: string;
  value: string;
  /** All statements, some of them, or their texts without their ends. */
  reach: "all" | "some" | "texts";
  message: string;
}

type Read = (name: string) => string;

/** `log_min_duration_statement`: text, duration and end in one line, of whatever took so long. */
function byDuration(read: Read): Way | undefined {
  const value = read("log_min_duration_statement");
  if (value === "" || value === "-1") return undefined;
  const setting = "log_min_duration_statement";
  return value === "0"
    ? { setting, value, reach: "all", message: "Every statement is written, with its duration." }
    : { setting, value, reach: "some", message: `Only statements that take ${value} ms or longer are written.` };
}

function byStatement(read: Read): Way | undefined {
  const value = read("log_statement");
  const setting = "log_statement";
  if (value === "all" && read("log_duration") === "on")
    return { setting, value, reach: "all", message: "Every statement is written, and its duration after it." };
  if (value === "all")
    return {
      setting,
      value,
      reach: "texts",
      message: "Every statement is written when it begins, but not when it ended and how long it took.",
    };
  if (value === "mod" || value === "ddl")
    return {
      setting,
      value,
      reach: "some",
      message: "Only statements that change something are written: no reading is.",
    };
  return undefined;
}

/** Whole transactions, or single statements, by chance. */
function bySample(read: Read): Way | undefined {
  const transactions = read("log_transaction_sample_rate");
  if (Number(transactions) > 0)
    return {
      setting: "log_transaction_sample_rate",
      value: transactions,
      reach: Number(transactions) === 1 ? "all" : "some",
      message:
        Number(transactions) === 1
          ? "Every statement is written, with its duration."
          : `Only a share of ${transactions} of the transactions is written, chosen by chance.`,
    };
  const [longest, rate] = [read("log_min_duration_sample"), read("log_statement_sample_rate")];
  if (longest === "" || longest === "-1" || Number(rate) === 0) return undefined;
  const isAll = longest === "0" && Number(rate) === 1;
  return {
    setting: "log_statement_sample_rate",
    value: rate,
    reach: isAll ? "all" : "some",
    message: isAll
      ? "Every statement is written, with its duration."
      : `Only a share of ${rate} of the statements that take ${longest} ms or longer is written, chosen by chance.`,
  };
}

/** Which reading and writing statements `pgaudit.log` has written: all of them, those of one class, none. */
export function auditedBy(value: string): "all" | "some" | "none" {
  const classes = value.split(",").map((part) => part.trim().toLowerCase());
  if (PGAUDIT_CLASSES.some((one) => classes.includes(`-${one}`))) return "none";
  if (classes.includes("all") || PGAUDIT_CLASSES.every((one) => classes.includes(one))) return "all";
  return PGAUDIT_CLASSES.some((one) => classes.includes(one)) ? "some" : "none";
}

function byPgaudit(read: Read): Way | undefined {
  const value = read("pgaudit.log");
  const audited = auditedBy(value);
  if (audited === "none") return undefined;
  const isAll = audited === "all";
  return {
    setting: "pgaudit.log",
    value,
    reach: isAll ? "texts" : "some",
    message: isAll
      ? "pgaudit writes every reading and writing statement, but not when it ended and how long it took."
      : `pgaudit writes statements of the classes ${value} only.`,
  };
}

const REACH: Record<Way["reach"], number> = { all: 0, texts: 1, some: 2 };

/** The one question that decides most: is a statement written to the log at all. */
export function statementFinding(server: ServerSettings): CoverageFinding {
  const read: Read = (name) => server.settings.get(name)?.value ?? "";
  const ways = [byDuration(read), byStatement(read), bySample(read), byPgaudit(read)].filter(
    (way) => way !== undefined,
  );
  const fix = alterSystem(server, "log_min_duration_statement", "0");
  const [best] = ways.sort((a, b) => REACH[a.reach] - REACH[b.reach]);
  if (!best)
    return {
      level: "error",
      setting: "log_min_duration_statement",
      value: read("log_min_duration_statement") || null,
      message:
        (read("log_duration") === "on"
          ? "Durations are written, but the statements that took them are not: nothing can be recorded."
          : "No statement is written to the log: nothing can be recorded.") +
        whoseValue(server, "log_min_duration_statement"),
      fix,
    };
  const { setting, value, message, reach } = best;
  return reach === "all"
    ? { level: "ok", setting, value, message, fix: null }
    : { level: "warning", setting, value, message: message + whoseValue(server, setting), fix };
}
