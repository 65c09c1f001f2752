import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type Handler, Hono } from "hono";
import { afterAll, beforeAll } from "vitest";

/**
 * Serves one handler over real HTTP for the tests of a file.
 * @returns asks it over a connection of its own; the answer's body is still to be read
 */
export function serveOneRoute(handler: Handler): () => Promise<IncomingMessage> {
  const app = new Hono().get("/", handler);
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());
  return async () => {
    const { port } = server.address() as AddressInfo;
    const [response] = (await once(get({ port, agent: false }), "response")) as [IncomingMessage];
    return response;
  };
}
