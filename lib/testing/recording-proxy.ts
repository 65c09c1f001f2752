import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Hands requests on, and keeps what was sent. Away: it takes no connection. */
export async function startRecordingProxy(target: string) {
  const bodies: string[] = [];
  let isAway = false;
  let refused = 0;
  const server: Server = createServer((request, response) => {
    if (isAway) {
      refused += 1;
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      bodies.push(body.toString());
      const onward = httpRequest(
        target + request.url,
        { method: request.method, headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on("error", () => response.destroy());
      onward.end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    setAway(away: boolean) {
      isAway = away;
      refused = 0;
    },
    hasRefused: () => refused > 0,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
