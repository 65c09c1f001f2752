import { EnvError } from "../lib/config/env";
import { CLOUDTRAIL_USAGE, importCloudTrail, type Terminal } from "./import-cloudtrail";
import { USER_USAGE, userCommand } from "./user";

/** The command line. Exit codes: 0 done, 1 something was refused or failed, 2 the arguments cannot work. */
const USAGE = `Usage:\n\n${CLOUDTRAIL_USAGE}\n${USER_USAGE}`;

/** @returns the exit code */
export async function main(args: string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const [command, format, ...rest] = args;
  if (args.includes("--help") || args.includes("-h") || command === "help") {
    terminal.out(USAGE);
    return 0;
  }
  if (command === "user") return userCommand(args.slice(1), terminal);
  if (command === "import" && format === "cloudtrail") return importCloudTrail(rest, terminal);
  terminal.err(command ? `There is no command "${args.slice(0, 2).join(" ")}".\n\n${USAGE}` : USAGE);
  return 2;
}

/** Runs the process's own arguments; called by bin.mjs. */
export async function runProcess(): Promise<void> {
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isScreen: process.stderr.isTTY === true,
  };
  try {
    process.exitCode = await main(process.argv.slice(2), terminal);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    terminal.err(`${error.message}\n`);
    process.exitCode = 2;
  }
}
