import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** Polls until it is so. For what another process does, where there is no clock to pass. */
export async function eventually(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      if (await isSo()) return;
    } catch {
      // Not yet; the deadline decides.
    }
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await delay(50);
  }
}

/** An environment with nothing of this process's settings in it. */
export const CLEAN_ENVIRONMENT = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production" } as const;

/** One of our programs as a person starts it, with nothing of this process's settings in its environment. */
export class Program {
  readonly child: ChildProcess;
  /** All that it printed, on either stream. */
  output = "";
  private readonly ended: Promise<number | string>;

  /** @param entry a file of ours, or `npm start` and the like */
  constructor(entry: string, env: Record<string, string>) {
    const [program, ...args] = entry.startsWith("npm ")
      ? entry.split(" ")
      : [process.execPath, "--conditions=react-server", "--import", "tsx", entry];
    this.child = spawn(program as string, args, {
      cwd: ROOT,
      env: { ...CLEAN_ENVIRONMENT, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.ended = new Promise((resolve) =>
      this.child.once("close", (code, signal) => resolve(code ?? signal ?? "lost")),
    );
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Exit code, or the name of the signal that ended it. */
  exit(): Promise<number | string> {
    return this.ended;
  }

  /** Until it printed that text; fails at once when it ends without. */
  async says(text: string, withinMs: number): Promise<void> {
    await eventually(`it prints ${JSON.stringify(text)}`, () => this.output.includes(text) || this.hasEnded, withinMs);
    if (!this.output.includes(text)) throw new Error(`it ended, having printed:\n${this.output}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Process ids whose environment or command line holds a text, such as a data folder's path. Linux only. */
export function processesAbout(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) =>
      ["cmdline", "environ"].some((file) => {
        const place = `/proc/${pid}/${file}`;
        try {
          return existsSync(place) && readFileSync(place, "utf8").includes(text);
        } catch {
          return false; // Ended meanwhile.
        }
      }),
    );
}
