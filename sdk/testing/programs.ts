import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { SDK } from "./sdk-places";

/** @throws Error where there is none: the Python client is tested wherever the rest is */
export function findPython(): string {
  const { status, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.version_info >= (3, 9))"], {
    encoding: "utf8",
  });
  if (status === 0 && stdout.trim() === "True") return "python3";
  throw new Error(
    "The Python client cannot be tested: install Python 3.9 or newer as python3 (Debian: apt-get install python3).",
  );
}

/** A program as a user starts it: the environment has the path, where Python finds the package, and what is given. */
export function start(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(command, args, {
    stdio: "pipe",
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PYTHONPATH: path.join(SDK, "python"),
      PYTHONDONTWRITEBYTECODE: "1",
      ...env,
    },
  });
}

/** What a program printed. @throws Error where it does not end with 0 */
export async function outputOf(child: ChildProcess): Promise<string> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  const [code, signal] = await once(child, "close");
  if (code !== 0) throw new Error(`ended with ${code ?? signal}, having printed:\n${out}${err}`);
  return out;
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return outputOf(start(command, args, env));
}
