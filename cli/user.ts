import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineCommand, type ExitCode } from "./command";
import { UsageFault } from "./faults";
import type { Terminal } from "./terminal";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const ON_THE_HOST =
  "Runs on the machine where Affidavit runs, for whoever cannot get in any more. It prints a link, once, with which the person chooses a password within the hour. Passwords are never arguments.";

/**
 * The command line itself speaks HTTP only, and this needs the database: an entry of the server does it, as a process of
 * its own.
 */
async function runOnHost(wanted: readonly string[], terminal: Terminal): Promise<ExitCode> {
  // In the checkout, as npm start: a relative AFFIDAVIT_DATA_DIR means the same folder.
  const entry = ["--conditions=react-server", "--import", "tsx", "server/user.ts", ...wanted];
  const child = spawn(process.execPath, entry, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.setEncoding("utf8").on("data", (text: string) => void terminal.out(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => terminal.err(text));
  return new Promise((resolve) => {
    child.once("error", (error) => {
      terminal.err(`${error.message}\n`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code === 0 ? 0 : 1));
  });
}

function oneAddress(operands: readonly string[]): string {
  const [email, ...rest] = operands;
  if (email === undefined || rest.length > 0) throw new UsageFault("Name one e-mail address.");
  return email;
}

export const resetPasswordCommand = defineCommand({
  name: "user reset-password",
  summary: "Let a person choose a new password, and end their sign-ins",
  operands: "<e-mail>",
  about: [ON_THE_HOST, "The old password opens nothing any more, and all sign-ins of that person end."],
  options: {},
  examples: [
    {
      does: "Somebody forgot their password",
      line: "npx affidavit user reset-password ada@example.com",
      isOnHost: true,
    },
  ],
  run: ({ operands }, terminal) => runOnHost(["reset-password", oneAddress(operands)], terminal),
});

export const addOwnerCommand = defineCommand({
  name: "user add-owner",
  summary: "Give an organization another owner",
  operands: "<e-mail>",
  about: [ON_THE_HOST, "A person who is in the organization becomes an owner and keeps their password."],
  options: {
    organization: { value: "id or name", about: "which one, where there are several" },
  },
  examples: [
    { does: "The only owner has left", line: "npx affidavit user add-owner grace@example.com", isOnHost: true },
  ],
  run: ({ given, operands }, terminal) =>
    runOnHost(
      ["add-owner", oneAddress(operands), ...(given.organization === undefined ? [] : [given.organization])],
      terminal,
    ),
});
