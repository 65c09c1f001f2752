import { EnvError } from "../lib/config/env";
import { listAppsCommand } from "./apps";
import { collectPostgres } from "./collect-postgres";
import { type Command, type ExitCode, parseInput } from "./command";
import { exportCommand } from "./export";
import { CommandFault, OutputClosed, UsageFault } from "./faults";
import { commandHelp, overview, usageLine } from "./help";
import { importCloudTrail } from "./import-cloudtrail";
import { importPostgresLog } from "./import-postgres-log";
import { createKeyCommand, listKeysCommand, revokeKeyCommand } from "./keys";
import { searchCommand } from "./search";
import { sendCommand } from "./send";
import { tailCommand } from "./tail";
import { processTerminal, type Terminal } from "./terminal";
import { addOwnerCommand, resetPasswordCommand } from "./user";

/** Every command, one line each. */
export const commands: readonly Command[] = [
  sendCommand,
  tailCommand,
  searchCommand,
  exportCommand,
  importCloudTrail,
  importPostgresLog,
  collectPostgres,
  listAppsCommand,
  listKeysCommand,
  createKeyCommand,
  revokeKeyCommand,
  resetPasswordCommand,
  addOwnerCommand,
];

const isHelp = (word: string) => word === "--help" || word === "-h";

/** The command whose words the arguments begin with. */
function findCommand(args: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(" ").every((word, index) => args[index] === word));
}

/** What `affidavit`, `affidavit help …` and an unknown command are told. */
function overviewFor(words: readonly string[]): string {
  const command = findCommand(words);
  if (command) return commandHelp(command);
  const [group] = words;
  const members = commands.filter(({ name }) => name.split(" ")[0] === group);
  return overview(members.length > 0 ? members : commands);
}

async function runCommand(command: Command, args: string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await command.run(parseInput(command, args), terminal);
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    if (terminal.signal.aborted) return 1;
    if (error instanceof UsageFault) {
      terminal.err(
        `${error.message}\n\nUsage: ${usageLine(command)}\naffidavit ${command.name} --help says more, with examples.\n`,
      );
      return 2;
    }
    if (!(error instanceof CommandFault)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

/** @returns the exit code */
export async function main(args: string[], terminal: Terminal): Promise<ExitCode> {
  const words = args.filter((word) => !word.startsWith("-"));
  if (args[0] === "help" || args.some(isHelp)) {
    await terminal.out(overviewFor(args[0] === "help" ? words.slice(1) : words));
    return 0;
  }
  const command = findCommand(args);
  if (command) return runCommand(command, args.slice(command.name.split(" ").length), terminal);
  const unknown = words.length > 0 ? `There is no command "${words.slice(0, 2).join(" ")}".\n\n` : "";
  terminal.err(unknown + overviewFor(words));
  return 2;
}

/** Runs the process's own arguments; called by bin.mjs. */
export async function runProcess(): Promise<void> {
  const terminal = processTerminal();
  try {
    process.exitCode = await main(process.argv.slice(2), terminal);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    terminal.err(`${error.message}\n`);
    process.exitCode = 2;
  }
  // An input that nobody closes would keep the process.
  process.stdin.destroy();
  if (terminal.signal.aborted) process.exit(terminal.signal.reason as number);
}
