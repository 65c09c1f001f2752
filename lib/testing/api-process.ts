import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TestApi } from "./api";
import { peakMemory } from "./peak-memory";

const ENTRY = fileURLToPath(new URL("./api-server.ts", import.meta.url));
const ROOT = path.resolve(path.dirname(ENTRY), "../..");

/** The API in a process of its own, always at the same address. */
export interface ApiProcess extends TestApi {
  /** SIGKILL: from now on connections are refused. */
  kill: () => Promise<void>;
  /** After `kill`: a new process; settles when that one listens. */
  restart: () => Promise<void>;
  /** SIGKILL, and a new process at once; settles when that one listens. */
  killAndRestart: () => Promise<void>;
  /** The most memory that the running process has had so far, in MB (10^6 bytes). */
  peakMemory: () => Promise<number>;
  /** What all of its processes logged, where a level was given. */
  logged: () => string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

interface ProcessOptions {
  /** Without one, what it says on stderr is thrown away: while its database is dead it says much. */
  logLevel?: string;
  /** Beside this process's environment. */
  env?: Record<string, string>;
}

function load({ logLevel, env }: ProcessOptions, hear: (words: string) => void): ChildProcess {
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", ENTRY], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "test", ...env, ...(logLevel && { AFFIDAVIT_LOG_LEVEL: logLevel }) },
    stdio: ["pipe", "pipe", logLevel ? "pipe" : "ignore", "ipc"],
  });
  child.stderr?.on("data", (words: Buffer) => hear(words.toString()));
  return child;
}

async function listen(child: ChildProcess, port: number): Promise<void> {
  const listening = once(child.stdout ?? child, "data");
  child.stdin?.write(`${port}\n`);
  const code = await Promise.race([listening.then(() => "listening"), once(child, "exit").then(([code]) => code)]);
  if (code !== "listening") throw new Error(`The API process ended with code ${code} before it listened.`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Starts one with this process's environment, so on the database that DATABASE_URL names. */
export async function startApiProcess(options: ProcessOptions = {}): Promise<ApiProcess> {
  const port = await freePort();
  let logged = "";
  const make = () =>
    load(options, (words) => {
      logged += words;
    });
  let child = make();
  await listen(child, port);
  let next = make();
  const restart = async () => {
    child = next;
    next = make();
    await listen(child, port);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    kill: () => kill(child),
    restart,
    async killAndRestart() {
      await kill(child);
      await restart();
    },
    peakMemory: () => peakMemory(child),
    logged: () => logged,
    close: async () => {
      await Promise.all([kill(child), kill(next)]);
    },
  };
}
