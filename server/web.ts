import "./dotenv";
import path from "node:path";
import { env } from "@/lib/config/env";
import { ensurePrismaClient } from "../scripts/generate-prisma";
import { NEXT_DIST, ROOT } from "./places";
import { buildPortal, needsBuild } from "./portal-build";
import { runRole } from "./role-process";
import { say } from "./terminal";

/** Next and next-auth read these themselves; they follow from our configuration and nothing else. */
async function setNextEnvironment(): Promise<void> {
  const { nextAuthSecret } = await import("@/lib/access/session");
  Object.assign(process.env, {
    NODE_ENV: env().NODE_ENV === "development" ? "development" : "production",
    NEXTAUTH_URL: env().publicUrl,
    NEXTAUTH_SECRET: nextAuthSecret(),
    NEXT_TELEMETRY_DISABLED: "1",
  });
}

async function prepare(signal: AbortSignal): Promise<void> {
  ensurePrismaClient();
  const build = {
    root: ROOT,
    dist: NEXT_DIST,
    log: path.join(ROOT, "node_modules/.cache/affidavit-build.log"),
    signal,
  };
  if (env().NODE_ENV === "development" || !needsBuild(build)) return;
  say("Building the portal, once; this takes about a minute …");
  await buildPortal(build);
}

await runRole("web", async (stop) => {
  // `npm start`, which holds the other end of a channel, has seen to both; `npm run web` may be the first to come.
  if (!process.connected) await prepare(stop);
  await setNextEnvironment();
  // Only now: the client must exist, and Next reads NODE_ENV when it is loaded.
  const { serve } = await import("./web-server");
  await serve(stop);
});
