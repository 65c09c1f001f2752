import "server-only";
import { headsOf } from "./log";

/** How often heads are looked up while somebody waits, ms: a row is seen about so long after its commit at the latest. */
const POLL_MS = 250;

interface Waiting {
  logId: number;
  /** Rows after this seq are waited for. */
  seq: number;
  settle: (found: boolean, error?: unknown) => void;
}

/** Whoever waits for rows in this process. */
const waiting = new Set<Waiting>();
let isPolling = false;

/** One statement for all who wait, however many. */
async function poll(): Promise<void> {
  const asked = [...waiting];
  isPolling = asked.length > 0;
  // Nobody is left: a question now would open connections again that a server which stops has closed.
  if (!isPolling) return;
  try {
    const heads = await headsOf([...new Set(asked.map(({ logId }) => logId))]);
    for (const { logId, seq, settle } of asked) if ((heads.get(logId) ?? 0) - 1 > seq) settle(true);
  } catch (error) {
    for (const { settle } of asked) settle(false, error);
  }
  setTimeout(() => void poll(), POLL_MS);
}

/**
 * Waits until a log has a row after a seq, until a time has passed, or until the signal, whichever is first.
 * @returns whether there is one
 * @throws what the database failed with
 */
export function rowsAfter(
  { logId, seq }: { logId: number; seq: number },
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (found: boolean, error?: unknown) => {
      waiting.delete(one);
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      if (error === undefined) resolve(found);
      else reject(error);
    };
    const stop = () => settle(false);
    const one: Waiting = { logId, seq, settle };
    const late = setTimeout(stop, Math.max(0, withinMs));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    waiting.add(one);
    if (isPolling) return;
    isPolling = true;
    setTimeout(() => void poll(), POLL_MS);
  });
}
