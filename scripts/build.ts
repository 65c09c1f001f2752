import path from "node:path";
import { NEXT_DIST, ROOT } from "../server/places";
import { buildPortal, needsBuild } from "../server/portal-build";
import { explain } from "../server/terminal";
import { ensurePrismaClient } from "./generate-prisma";

/** `npm run build`: what `npm start` would build, ahead of time. */
try {
  ensurePrismaClient();
  const build = { root: ROOT, dist: NEXT_DIST, log: path.join(ROOT, "node_modules/.cache/affidavit-build.log") };
  if (needsBuild(build)) await buildPortal(build);
  console.log("The portal is built.");
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
