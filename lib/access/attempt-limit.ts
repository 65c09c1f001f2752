import "server-only";

interface Window {
  count: number;
  endsAtMs: number;
}

export interface AttemptLimitOptions {
  attemptsMax: number;
  windowMs: number;
  /** Most keys that are remembered; the oldest are forgotten first, so that guesses with made-up names cost no memory. */
  keysMax: number;
  now: () => number;
}

/** Counts attempts per key in fixed windows, in this process. */
export class AttemptLimit {
  readonly #windows = new Map<string, Window>();
  readonly #options: AttemptLimitOptions;

  constructor(options: AttemptLimitOptions) {
    this.#options = options;
  }

  /**
   * Takes one attempt before it is made: parallel guesses would all pass a check that counts only what has failed.
   * @returns false when none is left; then nothing is taken
   */
  take(key: string): boolean {
    const now = this.#options.now();
    const found = this.#windows.get(key);
    if (!found || found.endsAtMs <= now) {
      this.#windows.delete(key);
      this.#windows.set(key, { count: 1, endsAtMs: now + this.#options.windowMs });
      this.#forgetOldest();
      return true;
    }
    if (found.count >= this.#options.attemptsMax) return false;
    found.count += 1;
    return true;
  }

  /** Gives one attempt back: it succeeded. */
  giveBack(key: string): void {
    const found = this.#windows.get(key);
    if (found) found.count = Math.max(0, found.count - 1);
  }

  #forgetOldest(): void {
    for (const key of this.#windows.keys()) {
      if (this.#windows.size <= this.#options.keysMax) return;
      this.#windows.delete(key);
    }
  }
}
