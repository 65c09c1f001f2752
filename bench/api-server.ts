import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApi } from "@/lib/api/app";
import { answerPeakMemory } from "@/lib/testing/peak-memory";
import { addPlainInsert } from "./plain-insert";

/** The product's API in a process of its own, and in it the rival of micro-batching: one INSERT per request. */
const api = createApi();
addPlainInsert(api);
const server = createServer(getRequestListener(api.fetch, { overrideGlobalObjects: false }));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}`);
});
answerPeakMemory();
process.once("disconnect", () => process.exit(0));
