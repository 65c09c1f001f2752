import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { AppError } from "@/lib/errors/app-error";
import { toProblem } from "@/lib/errors/problem";
import { listenFault } from "./listen-address";

/** A client that dribbles holds a socket, not a worker: headers within 10 s, the whole request within 30 s. */
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
/** Longer than the 60 s of common load balancers, so that they close idle connections and never send into a closing one. */
const KEEP_ALIVE_MS = 65_000;

/** What Node's parser or clock found wrong before any handler could answer. */
const PARSER_FAULTS: Record<string, { status: number; detail: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: "The request did not arrive within 30 seconds. Send it again, in smaller parts.",
  },
  HPE_HEADER_OVERFLOW: { status: 431, detail: "The request's headers are larger than 16 KiB." },
};

function answerFault(
  error: NodeJS.ErrnoException,
  socket: Socket & { _httpMessage?: { _headerSent?: boolean } | null },
): void {
  // An answer that has begun can only be cut.
  if (error.code === "ECONNRESET" || !socket.writable || socket._httpMessage?._headerSent) {
    socket.destroy();
    return;
  }
  const { status, detail } = PARSER_FAULTS[error.code ?? ""] ?? { status: 400, detail: "This is not an HTTP request." };
  const problem = { ...toProblem(new AppError(status === 408 ? "timeout" : "invalid_request", detail), "-"), status };
  const body = JSON.stringify(problem);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

/** Of each server, the connections that are open. */
const open = new WeakMap<Server, Set<Socket>>();

/** A server with our limits on time; nothing listens yet. */
export function makeServer(handle: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node looks for late requests only so often; its 30 s would make 30 s a minute.
      connectionsCheckingInterval: 1_000,
      noDelay: true,
    },
    handle,
  );
  server.on("clientError", answerFault);
  const sockets = new Set<Socket>();
  open.set(server, sockets);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return server;
}

/** @throws StartupError when the address is taken or not ours */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen({ port, host }, resolve));
  } catch (error) {
    throw listenFault(error, host, port);
  }
}

/** Takes no new connections, lets requests in flight finish within that time, then cuts what is left. */
export async function drain(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Node counts a connection on which nothing was ever sent, as browsers open ahead, not as idle.
  for (const socket of open.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
  // A connection that has just been answered would be kept for the client's next request.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}
