import "server-only";
import type { ServerResponse } from "node:http";

export interface Taking {
  /** Ends the wait, with its reason. */
  signal: AbortSignal;
  /** How long a client may take for one piece, ms. */
  pieceWithinMs: number;
}

/**
 * Writes a piece and settles when the connection needs it no more, so that whoever awaits it holds one piece for a client, not
 * all of them. One timer and one listener, both taken away: an answer may last for days.
 * @throws the signal's reason, a TimeoutError (DOMException) where the client takes too long, and what the socket fails with
 */
export function written(outgoing: ServerResponse, piece: Uint8Array | string, taking: Taking): Promise<void> {
  const { signal, pieceWithinMs } = taking;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const settle = (how: () => void) => {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      how();
    };
    const stop = () => settle(() => reject(signal.reason));
    const tooLate = () => reject(new DOMException(`nothing was taken for ${pieceWithinMs} ms`, "TimeoutError"));
    const late = setTimeout(() => settle(tooLate), pieceWithinMs);
    signal.addEventListener("abort", stop, { once: true });
    outgoing.write(piece, (error) => settle(() => (error ? reject(error) : resolve())));
  });
}
