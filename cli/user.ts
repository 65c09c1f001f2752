import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export const USER_USAGE = `  affidavit user reset-password <e-mail>
  affidavit user add-owner <e-mail> [--organization <id or name>]

On the machine where Affidavit runs, for whoever cannot get in any more. Each prints a link, once, with which the person
chooses a password within the hour. A reset also ends all sign-ins of that person. Passwords are never arguments.

  npx affidavit user reset-password ada@example.com
`;

interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** What the command line asked for, or undefined for what cannot work. */
function parse(args: readonly string[]): string[] | undefined {
  const [act, email, flag, organization, ...rest] = args;
  if (!email || email.startsWith("-") || rest.length > 0) return undefined;
  if (act === "reset-password") return flag === undefined ? [act, email] : undefined;
  if (act !== "add-owner") return undefined;
  if (flag === undefined) return [act, email];
  return flag === "--organization" && organization ? [act, email, organization] : undefined;
}

/**
 * `affidavit user …`. The command line itself speaks HTTP only, and this needs the database: an entry of the server does
 * it, as a process of its own.
 * @returns the exit code
 */
export async function userCommand(args: string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const wanted = parse(args);
  if (!wanted) {
    terminal.err(`Usage:\n\n${USER_USAGE}`);
    return 2;
  }
  // In the checkout, as npm start: a relative AFFIDAVIT_DATA_DIR means the same folder.
  const entry = ["--conditions=react-server", "--import", "tsx", "server/user.ts", ...wanted];
  const child = spawn(process.execPath, entry, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.setEncoding("utf8").on("data", (text: string) => terminal.out(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => terminal.err(text));
  return new Promise((resolve) => {
    child.once("error", (error) => {
      terminal.err(`${error.message}\n`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code === 0 ? 0 : 1));
  });
}
