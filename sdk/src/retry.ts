import { AffidavitError } from "./error.ts";

const BASE_MS = 200;
const PAUSE_MS_MAX = 10_000;
/** With less time left another attempt is not worth it. */
const LAST_MS = 50;

const askedMs = (error: unknown) => (error instanceof AffidavitError ? (error.retryAfterSeconds ?? 0) * 1000 : 0);

/**
 * How long to wait after the failed attempt number `attempt`, ms: full jitter, a random time up to 200, 400, 800, … ms, so
 * that clients which failed together do not come back together; never less than the server asked for.
 */
export function pauseMs(attempt: number, error: unknown, mostMs = PAUSE_MS_MAX): number {
  const jitter = Math.random() * Math.min(mostMs, BASE_MS * 2 ** Math.min(attempt - 1, 20));
  const asked = askedMs(error);
  // A little jitter also above what was asked for: everybody else was asked for the same.
  return asked > 0 ? asked + jitter / 4 : jitter;
}

/** Whether a failure may be followed by another attempt within `remainingMs`. */
export function mayTryAgain(error: unknown, remainingMs: number): boolean {
  return error instanceof AffidavitError && error.retryable && remainingMs > Math.max(askedMs(error), LAST_MS);
}

/** As pauseMs, but never so long that no time is left for another attempt. */
export function pauseWithin(attempt: number, error: unknown, remainingMs: number): number {
  return Math.min(pauseMs(attempt, error, Math.min(PAUSE_MS_MAX, remainingMs / 2)), remainingMs - LAST_MS / 2);
}

/** @returns false when the signal cut it short. The timer alone keeps no process alive when `unref` is set. */
export function sleep(ms: number, signal?: AbortSignal, unref = false): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", wake);
      resolve(true);
    }, ms);
    if (unref) timer.unref();
    signal?.addEventListener("abort", wake, { once: true });
  });
}

/**
 * Repeats what may succeed later until a deadline.
 * @param deadline ms since epoch, or Infinity; what is thrown then is the last error
 */
export async function retrying<T>(
  act: (remainingMs: number) => Promise<T>,
  { deadline, signal }: { deadline: number; signal?: AbortSignal | undefined },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act(Math.max(1, deadline - Date.now()));
    } catch (error) {
      const remaining = deadline - Date.now();
      if (!mayTryAgain(error, remaining) || !(await sleep(pauseWithin(attempt, error, remaining), signal))) throw error;
    }
  }
}
