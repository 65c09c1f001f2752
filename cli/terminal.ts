import { closeSync, fstatSync, fsync, openSync, readSync } from "node:fs";
import { OutputClosed } from "./faults";

/** Where the words go and come from: the process's own streams, or a test's. */
export interface Terminal {
  /** Settles when the text is handed over. @throws OutputClosed where nobody reads any more */
  out: (text: string) => Promise<void>;
  err: (text: string) => void;
  /** Makes what `out` took durable, where it goes to a file. */
  settle: () => Promise<void>;
  /** Makes sure that what is written next begins a line, where the output is a file that a kill left in the middle of one. */
  startLine: () => Promise<void>;
  /** Whether `err` is a screen on which a line may be overwritten. */
  isScreen: boolean;
  input: AsyncIterable<Uint8Array>;
  /** Whether a person would have to type the input. */
  isInputScreen: boolean;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error) resolve();
      else reject((error as NodeJS.ErrnoException).code === "EPIPE" ? new OutputClosed() : error);
    });
  });
}

/** To a regular file only: pipes and screens cannot be synced, and refuse it. */
function syncOutput(): Promise<void> {
  const { fd } = process.stdout;
  if (!fstatSync(fd).isFile()) return Promise.resolve();
  return new Promise((resolve, reject) => fsync(fd, (error) => (error ? reject(error) : resolve())));
}

/** The byte with which the output's file ends; undefined where it may not be read. `>>` opens it for writing only. */
function lastByte(fd: number, size: number): number | undefined {
  try {
    const file = openSync(`/proc/self/fd/${fd}`, "r");
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, size - 1);
    closeSync(file);
    return byte[0];
  } catch {
    return undefined;
  }
}

async function startLine(): Promise<void> {
  const { fd } = process.stdout;
  const stat = fstatSync(fd);
  // Where it cannot be known, an empty line does no harm; a row behind half a row would be lost to whoever reads lines.
  if (stat.isFile() && stat.size > 0 && lastByte(fd, stat.size) !== 0x0a) await write(process.stdout, "\n");
}

/** The process's own streams. The first SIGINT or SIGTERM aborts `signal`, the second ends the process. */
export function processTerminal(): Terminal {
  const controller = new AbortController();
  for (const [name, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(code);
      // Whoever waits for more of it would wait on.
      process.stdin.destroy();
    });
  }
  // Told by the callback of each write; without a listener it would end the process with a stack.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  return {
    out: (text) => write(process.stdout, text),
    err: (text) => {
      process.stderr.write(text);
    },
    settle: syncOutput,
    startLine,
    isScreen: process.stderr.isTTY === true,
    input: process.stdin,
    isInputScreen: process.stdin.isTTY === true,
    signal: controller.signal,
  };
}
