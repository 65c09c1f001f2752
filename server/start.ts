import "./dotenv";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Env, parseEnv, requestedHost } from "@/lib/config/env";
import { StartupError } from "@/lib/config/startup-error";
import { rootSecretOf } from "@/lib/crypto/secrets";
import { startEmbeddedPostgres } from "@/lib/embedded-postgres/embedded-postgres";
import { ensureSdk } from "../scripts/build-sdk";
import { ensurePrismaClient } from "../scripts/generate-prisma";
import { Cleanup } from "./cleanup";
import { lockDataFolder } from "./data-folder-lock";
import { prepareDatabase } from "./database";
import { greeting } from "./greeting";
import { probePort } from "./listen-address";
import { NEXT_DIST, ROOT } from "./places";
import { buildPortal, needsBuild } from "./portal-build";
import { Role } from "./supervisor";
import { explain, say } from "./terminal";

/** Ctrl-C to the end within 10 s: what each may take. PostgreSQL's last checkpoint is left out when it would take longer. */
const STOP_MS = { web: 4_500, worker: 2_500 };
const STOP_DATABASE_SECONDS = 2;
const READY_WITHIN_MS = 60_000;

const cleanup = new Cleanup();
const stopping = new AbortController();
let killAll = () => {};

async function stop(code: number): Promise<never> {
  stopping.abort();
  await cleanup.run();
  if (code === 0) say("Stopped.");
  process.exit(code);
}

/** npm passes Ctrl-C on to us, who had it from the terminal already: two at once are one. */
const ONE_PRESS_MS = 300;
let signalledAt = 0;

function onSignal(): void {
  const sincePress = Date.now() - signalledAt;
  signalledAt = Date.now();
  if (sincePress < ONE_PRESS_MS) return;
  if (stopping.signal.aborted) {
    killAll();
    process.exit(130);
  }
  say("Stopping …");
  void stop(0);
}

/** Where a step may have taken long: ends the start when somebody asked to stop meanwhile. */
function goOn(): void {
  stopping.signal.throwIfAborted();
}

/** The environment that the roles and the rest of this process read: what was asked for, made definite. */
function settle(values: Env, definite: Record<string, string | undefined>): void {
  Object.assign(process.env, { AFFIDAVIT_DATA_DIR: values.dataDir, NODE_ENV: values.NODE_ENV, ...definite });
}

async function chosenPort(values: Env): Promise<number> {
  // Demo data or not is only known with the database, so the stricter address is tried here: a port is in use on all or on one.
  return probePort(requestedHost(values) ?? "0.0.0.0", values.PORT);
}

async function openDatabase(values: Env): Promise<{ url: string; embedded: boolean }> {
  if (values.DATABASE_URL) return { url: values.DATABASE_URL, embedded: false };
  const isFirst = !existsSync(path.join(values.dataDir, "postgres-url"));
  say(isFirst ? "Making the embedded PostgreSQL …" : "Starting the embedded PostgreSQL …");
  const server = await startEmbeddedPostgres({
    dataDir: values.dataDir,
    say,
    signal: stopping.signal,
    onLost: (reason) => {
      console.error(reason);
      void stop(1);
    },
  });
  cleanup.add(() => server.stop(STOP_DATABASE_SECONDS));
  return { url: server.url, embedded: true };
}

async function prepareData(values: Env, embedded: boolean) {
  const { ensureDemo, hasOtherOwner } = await import("@/lib/demo/demo");
  const { issueSetupToken } = await import("@/lib/organization/first-owner");
  const { closePrisma } = await import("@/lib/db/prisma");
  try {
    const wanted = values.AFFIDAVIT_DEMO ?? (embedded && !(await hasOtherOwner()));
    const demo = wanted ? await ensureDemo(values.dataDir, publicUrl()) : undefined;
    return { demo, setupToken: demo ? undefined : await issueSetupToken() };
  } finally {
    await closePrisma();
  }
}

/** For programs in this checkout; the server needs none, so that a checkout which cannot be written starts all the same. */
function buildSdk(): void {
  try {
    if (ensureSdk(ROOT)) say("Built the SDK, for programs in this checkout.");
  } catch (error) {
    say((error as Error).message);
  }
}

const publicUrl = () => parseEnv(process.env).publicUrl;

function startRoles(): { ready: () => void } {
  const options = { root: ROOT, env: process.env, say, stopping: stopping.signal, onGivenUp: () => void stop(1) };
  const roles = { worker: new Role("worker", options), web: new Role("web", options) };
  killAll = () => {
    roles.web.kill();
    roles.worker.kill();
  };
  cleanup.add(() => roles.worker.stop(STOP_MS.worker));
  cleanup.add(() => roles.web.stop(STOP_MS.web));
  roles.worker.start();
  roles.web.start();
  return {
    ready: () => {
      roles.web.works();
      roles.worker.works();
    },
  };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

async function untilReady(host: string, port: number): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${name.includes(":") ? `[${name}]` : name}:${port}/readyz`;
  while (!(await answersReady(url))) {
    goOn();
    if (Date.now() > deadline)
      throw new StartupError(
        `The server does not get ready within ${READY_WITHIN_MS / 1000} s; its lines above say why.`,
      );
    await delay(50);
  }
}

async function start(): Promise<void> {
  const asked = parseEnv(process.env);
  const credentialsFile = path.join(asked.dataDir, "demo-credentials.json");
  const isFirst = !existsSync(credentialsFile);
  cleanup.add(await lockDataFolder(asked.dataDir, asked.publicUrl));
  const port = await chosenPort(asked);
  goOn();
  const { url, embedded } = await openDatabase(asked);
  goOn();
  const applied = await prepareDatabase(url);
  if (applied.length > 0) say(`Applied ${applied.length} migration${applied.length === 1 ? "" : "s"}.`);
  goOn();
  settle(asked, {
    DATABASE_URL: url,
    PORT: String(port),
    AFFIDAVIT_SECRET: asked.AFFIDAVIT_SECRET ?? rootSecretOf(asked.dataDir),
  });
  if (ensurePrismaClient()) say("Made the database client.");
  buildSdk();
  const { demo, setupToken } = await prepareData(asked, embedded);
  goOn();
  const build = { root: ROOT, dist: NEXT_DIST, log: path.join(asked.dataDir, "build.log"), signal: stopping.signal };
  if (asked.NODE_ENV !== "development" && needsBuild(build)) {
    say("Building the portal, once; this takes about a minute …");
    await buildPortal(build);
    goOn();
  }
  const host = requestedHost(asked) ?? (demo ? "127.0.0.1" : "0.0.0.0");
  settle(asked, { AFFIDAVIT_HOST: host });
  const roles = startRoles();
  await untilReady(host, port);
  roles.ready();
  say("Ready.");
  console.log(greeting({ url: publicUrl(), demo, isFirst, setupToken, credentialsFile }));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
for (const kind of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(kind, (error: unknown) => {
    console.error(explain(error));
    void stop(1);
  });
}
process.title = "affidavit";
try {
  await start();
} catch (error) {
  // A step that was cut off by a signal failed because of that, and the signal is already being seen to.
  if (!stopping.signal.aborted) {
    console.error(explain(error));
    await stop(1);
  }
}
