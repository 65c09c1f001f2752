import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { outputOf, start } from "./programs";

/** A worker that copies a log into a file, as a command; the file's name is added. */
export interface Worker {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  /** Where it writes rows; the cursor is beside it. */
  file: string;
}

const FLAGS = ["--every", "10ms", "--limit", "25"];

function touched(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Until the worker has saved a cursor. */
async function nextCursor(file: string): Promise<void> {
  const before = touched(`${file}.cursor`);
  const deadline = Date.now() + 20_000;
  while (touched(`${file}.cursor`) === before) {
    if (Date.now() > deadline) throw new Error("the worker saved no cursor");
    await delay(1);
  }
}

/** Starts the worker and kills it: at any time of its first moments, or just when it has saved a cursor. */
export async function runAndKill({ command, args, env, file }: Worker): Promise<void> {
  const child = start(command, [...args, file, ...FLAGS], env);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  child.stdout?.resume();
  const ended = once(child, "close");
  if (randomInt(3) > 0) {
    for (let cursors = randomInt(1, 4); cursors > 0; cursors -= 1) await nextCursor(file);
    await delay(randomInt(4));
  } else await delay(randomInt(20, 400));
  child.kill("SIGKILL");
  const [code] = await ended;
  if (code !== null) throw new Error(`the worker ended by itself with ${code}:\n${said}`);
}

/** Lets it copy what is left. */
export async function finish({ command, args, env, file }: Worker): Promise<void> {
  await outputOf(start(command, [...args, file, "--once"], env));
}

export interface Copied {
  /** Lines of the file. */
  lines: number;
  /** Places in the log that no line has, up to the last one that some line has. */
  missing: number[];
  /** seq → id; two ids for one seq, or two seqs for one id, are in `mixed`. */
  ids: Map<number, string>;
  mixed: string[];
}

/** What a worker's file holds. A last line without its end is half a row: the worker mends it at its next start. */
export function copiedRows(file: string): Copied {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = text.split("\n").slice(0, -1);
  const ids = new Map<number, string>();
  const seqs = new Map<string, number>();
  const mixed: string[] = [];
  for (const line of lines) {
    const { id, seq } = JSON.parse(line) as { id: string; seq: number };
    if ((ids.get(seq) ?? id) !== id || (seqs.get(id) ?? seq) !== seq) mixed.push(`${id} at ${seq}`);
    ids.set(seq, id);
    seqs.set(id, seq);
  }
  const last = Math.max(-1, ...ids.keys());
  const missing = Array.from({ length: last + 1 }, (_, seq) => seq).filter((seq) => !ids.has(seq));
  return { lines: lines.length, missing, ids, mixed };
}
