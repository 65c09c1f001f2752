import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { EXIT_CONFIGURATION } from "./terminal";

const BACKOFF_MS = { first: 500, most: 15_000 };
/** A role that lived so long failed anew, not still. */
const HEALTHY_AFTER_MS = 60_000;

interface RoleOptions {
  root: string;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
  /** Aborted when everything is to stop: a role that ends from then on, before its turn to be asked, stays ended. */
  stopping: AbortSignal;
  /** Called when it cannot be started as things are; not any more once it has worked. */
  onGivenUp: (role: string) => void;
}

/**
 * One role as a child process, in a process group of its own so that Ctrl-C reaches only us and the order of stopping is
 * ours. It holds the other end of a channel: when we die in whatever way, it sees that and ends.
 */
export class Role {
  private child: ChildProcess | undefined;
  private stopping = false;
  private backoffMs = BACKOFF_MS.first;
  private hasWorked = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly name: "web" | "worker",
    private readonly options: RoleOptions,
  ) {}

  start(): void {
    if (this.isStopping) return;
    const { root, env } = this.options;
    const begun = Date.now();
    const child = spawn(
      process.execPath,
      ["--conditions=react-server", "--import", "tsx", path.join("server", `${this.name}.ts`)],
      {
        cwd: root,
        env,
        detached: true,
        // What Next says on stdout as it comes up is of use to its developers only; our own log is on stderr.
        stdio: ["ignore", env.NODE_ENV === "development" ? "inherit" : "ignore", "inherit", "ipc"],
      },
    );
    this.child = child;
    child.once("error", () => {});
    child.once("close", (code, signal) => this.ended({ code, signal, livedMs: Date.now() - begun }));
  }

  private get isStopping(): boolean {
    return this.stopping || this.options.stopping.aborted;
  }

  /** From here on it is started again whatever it ends of: the database, say, may only be away for a while. */
  works(): void {
    this.hasWorked = true;
  }

  private ended({ code, signal, livedMs }: { code: number | null; signal: string | null; livedMs: number }): void {
    this.child = undefined;
    if (this.isStopping) return;
    if (code === EXIT_CONFIGURATION && !this.hasWorked) {
      this.options.onGivenUp(this.name);
      return;
    }
    if (livedMs > HEALTHY_AFTER_MS) this.backoffMs = BACKOFF_MS.first;
    this.options.say(
      `The ${this.name} process ended (${signal ?? `code ${code}`}); starting it again in ${this.backoffMs / 1000} s.`,
    );
    this.timer = setTimeout(() => this.start(), this.backoffMs);
    this.backoffMs = Math.min(this.backoffMs * 2, BACKOFF_MS.most);
  }

  /** Asks it to end, and ends it and whatever it started after that time. */
  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const child = this.child;
    if (!child) return;
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const late = setTimeout(() => this.kill(), withinMs);
    await closed;
    clearTimeout(late);
  }

  /** Ends it at once. */
  kill(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    const pid = this.child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      this.child?.kill("SIGKILL");
    }
  }
}
