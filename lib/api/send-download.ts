import "server-only";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { logger } from "@/lib/observability/logger";
import type { ApiContext } from "./context";
import { baseHeaders, requestIdOf } from "./reply";
import { type Taking, written } from "./written";

/** A file that is made while it is sent. */
interface Download {
  headers: Record<string, string>;
  /** Each piece is good until the next one is asked for. */
  body: AsyncIterable<Uint8Array>;
  /** Sent after the body, where the client's HTTP has trailers (RFC 9110 §6.5). */
  trailer: { name: string; value: () => string };
}

/** So long a client may take for one piece; a slower one is given up, as what waits for it stands in memory. */
const PIECE_WITHIN_MS = 300_000;

async function pour(c: ApiContext, { headers, body, trailer }: Download, taking: Taking): Promise<void> {
  const { incoming, outgoing } = c.env;
  const isHead = c.req.method === "HEAD";
  // Trailers need the chunked form, which came with HTTP/1.1: 1.0 is what nginx speaks to an upstream unless told otherwise.
  const hasTrailer = !isHead && incoming.httpVersion !== "1.0";
  outgoing.writeHead(200, { ...baseHeaders(c), ...headers, ...(hasTrailer && { trailer: trailer.name }) });
  if (!isHead) for await (const piece of body) await written(outgoing, piece, taking);
  if (hasTrailer) outgoing.addTrailers({ [trailer.name]: trailer.value() });
  outgoing.end();
}

/**
 * Answers with a file at the client's pace. A fault before the first byte is an ordinary problem; after it the connection
 * is reset, so that no client takes a part for the whole. A client that goes away aborts `signal`.
 * @param pieceWithinMs how long a client may take for one piece
 */
export async function sendDownload(
  c: ApiContext,
  make: (signal: AbortSignal) => Promise<Download>,
  pieceWithinMs = PIECE_WITHIN_MS,
): Promise<Response> {
  const { signal } = c.req.raw;
  try {
    await pour(c, await make(signal), { signal, pieceWithinMs });
  } catch (error) {
    if (!signal.aborted && !c.env.outgoing.headersSent) throw error;
    if (!signal.aborted) logger().error({ err: error, request_id: requestIdOf(c) }, "download cut");
    c.env.incoming.socket.resetAndDestroy();
  }
  return RESPONSE_ALREADY_SENT;
}
