import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestApi } from "@/lib/testing/api";

/** A service that calls are made to, with every way in which a call can end. */
const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/ok": (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "set-cookie": "sid=provider-cookie" });
    response.end('{"ok":true}');
  },
  "/moved": (_, response) => response.writeHead(302, { location: "/ok?token=redirect-secret" }).end(),
  "/unauthorized": (_, response) => response.writeHead(401).end(),
  "/forbidden": (_, response) => response.writeHead(403).end("no"),
  "/missing": (_, response) => response.writeHead(404).end(),
  "/busy": (_, response) => response.writeHead(429).end(),
  "/broken": (_, response) => response.writeHead(500).end("broken"),
  "/away": (_, response) => response.writeHead(503).end(),
  "/hang": () => {},
  "/reset": (request) => request.socket.resetAndDestroy(),
  "/hangup": (request) => request.socket.end(),
  "/torn": (request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": 100 });
    response.write("half", () => request.socket.destroy());
  },
  "/large": (_, response) =>
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("é".repeat(200_000)),
  "/stream": (_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("first ");
    setTimeout(() => response.end("last"), 1_500);
  },
  "/echo": (request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    request.pipe(response);
  },
};

export async function startProvider(): Promise<TestApi & { requests: () => number }> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    ANSWERS[new URL(request.url ?? "/", "http://x").pathname]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An address where nobody listens. */
export async function closedAddress(): Promise<string> {
  const provider = await startProvider();
  await provider.close();
  return provider.url;
}
