import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import next from "next";
import { CLIENT_ADDRESS_HEADER } from "@/lib/access/client-address";
import { createApi } from "@/lib/api/app";
import { env, requestedHost } from "@/lib/config/env";
import { closePools } from "@/lib/db/pools";
import { closePrisma } from "@/lib/db/prisma";
import { warmUp } from "@/lib/redact/warm-up";
import { viewsWritten } from "@/lib/system-audit/reading";
import { drain, listen, makeServer } from "./http-server";
import { ROOT } from "./places";
import { say } from "./terminal";

const DRAIN_MS = 3_500;
const API = /^\/(v1(\/|$|\?)|(healthz|readyz|metrics)($|\?))/;

/**
 * One port for everything: the API by Hono, which answers the same request twenty times as fast as a Next route handler,
 * and the portal by Next.
 */
export async function serve(stop: AbortSignal): Promise<void> {
  const host = requestedHost(env()) ?? "0.0.0.0";
  const port = env().PORT;
  // Next extends the platform's Request and Response, so Hono's faster ones must not take their names.
  const api = getRequestListener(createApi(stop).fetch, { overrideGlobalObjects: false });
  const server = makeServer((request: IncomingMessage, response: ServerResponse) => {
    if (API.test(request.url ?? "")) {
      void api(request, response);
      return;
    }
    // From the socket; what a client sends under this name is thrown away.
    request.headers[CLIENT_ADDRESS_HEADER] = request.socket.remoteAddress ?? "unknown";
    void handlePortal(request, response);
  });
  const app = next({
    dev: !env().isProduction,
    dir: ROOT,
    hostname: host,
    port,
    httpServer: server,
    quiet: env().isProduction,
  });
  const handlePortal = app.getRequestHandler();
  await app.prepare();
  warmUp();
  await listen(server, host, port);
  if (!process.connected) say(`Listening on ${host}:${port} for ${env().publicUrl}.`);
  if (!stop.aborted) await once(stop, "abort");
  await drain(server, DRAIN_MS);
  await viewsWritten();
  await Promise.all([app.close(), closePools(), closePrisma()]);
}
