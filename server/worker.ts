import "./dotenv";
import { ensurePrismaClient } from "../scripts/generate-prisma";
import { runRole } from "./role-process";

await runRole("worker", async (stop) => {
  ensurePrismaClient();
  const { runChores } = await import("@/lib/jobs/chores");
  await runChores(stop);
  const [{ closePools }, { closePrisma }] = await Promise.all([import("@/lib/db/pools"), import("@/lib/db/prisma")]);
  await Promise.all([closePools(), closePrisma()]);
});
