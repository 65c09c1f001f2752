import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createApi } from "@/lib/api/app";
import { answerPeakMemory } from "./peak-memory";

/**
 * The product's API alone, as a process of its own that tests may kill. Loads, waits for a line on stdin, listens on that
 * port and says so on stdout: loading takes a second, which a restart under load need not wait for.
 */
const server = createServer(getRequestListener(createApi().fetch, { overrideGlobalObjects: false }));
process.stdin.once("data", (line) => {
  server.listen(Number(line), "127.0.0.1", () => process.stdout.write("listening\n"));
});
answerPeakMemory();
// Whoever started it has ended.
process.stdin.once("end", () => process.exit());
