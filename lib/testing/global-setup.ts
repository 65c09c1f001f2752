import type { TestProject } from "vitest/node";
import { ensurePrismaClient } from "../../scripts/generate-prisma";
import { makeTemplate, startTestCluster, sweepDeadRuns } from "./cluster";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the run's cluster, with `DATABASE` where a database's name goes. */
    clusterUrl: string;
  }
}

/** One cluster a run. When it does not start the run ends here: somebody else's server must not be taken for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensurePrismaClient();
  sweepDeadRuns();
  const cluster = await startTestCluster();
  try {
    await makeTemplate(cluster);
  } catch (error) {
    await cluster.remove();
    throw error;
  }
  project.provide("clusterUrl", cluster.urlOf("DATABASE"));
  return () => cluster.remove();
}
