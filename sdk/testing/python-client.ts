import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { findPython, start } from "./programs";
import { SDK } from "./sdk-places";

/** A Python process with clients in it that does what it is told. */
export class Python {
  private readonly child = start(findPython(), [path.join(SDK, "python/tests/driver.py")], {});
  private readonly waiting: ((line: string) => void)[] = [];
  private said = "";

  constructor() {
    createInterface({ input: this.child.stdout ?? process.stdin }).on("line", (line) => this.waiting.shift()?.(line));
    this.child.stderr?.on("data", (chunk) => {
      this.said += chunk;
    });
    // What is written to a process that was killed meanwhile is told by its end, below.
    this.child.stdin?.on("error", () => {});
    // A process that ends answers nobody: say what it said.
    this.child.once("close", () => {
      for (const answer of this.waiting.splice(0))
        answer(JSON.stringify({ error: { code: "ended", message: this.said } }));
    });
  }

  /** @returns the result, or what was raised as `{error: {code, status, message}}` */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  async ask(command: { do: string; [member: string]: unknown }): Promise<any> {
    const answered = new Promise<string>((resolve) => this.waiting.push(resolve));
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    const answer = JSON.parse(await answered);
    return "result" in answer ? answer.result : answer;
  }

  /** SIGKILL where `signal` says so; else it ends with its input. */
  async end(signal?: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "close");
    if (signal) this.child.kill(signal);
    else this.child.stdin?.end();
    await ended;
  }
}
