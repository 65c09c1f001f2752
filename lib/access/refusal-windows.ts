import "server-only";

/** A sign-in that was refused. */
export interface Refusal {
  email: string;
  clientIp: string;
  userAgent: string;
}

interface Window {
  refusal: Refusal;
  /** Since the last time that they were told. */
  untold: number;
}

export interface RefusalWindowsOptions {
  windowMs: number;
  /** Windows that may be open at once; with more names and addresses than that at once, the rest is told as one. */
  windowsMax: number;
  /** Tells so many of them. Never rejects. */
  tell: (refusal: Refusal, attempts: number) => void;
}

const OTHERS = "others";

/**
 * Counts refusals by name and address, so that a flood of guesses is told in a few rows: the first of a window at once, the
 * rest when it ends.
 */
export class RefusalWindows {
  readonly #windows = new Map<string, Window>();
  readonly #options: RefusalWindowsOptions;

  constructor(options: RefusalWindowsOptions) {
    this.#options = options;
  }

  add(refusal: Refusal): void {
    const own = `${refusal.clientIp}|${refusal.email}`;
    const isNew = !this.#windows.has(own);
    const key = isNew && this.#windows.size >= this.#options.windowsMax ? OTHERS : own;
    const open = this.#windows.get(key);
    if (open) {
      open.untold += 1;
      return;
    }
    const told = key === OTHERS ? { email: "", clientIp: "", userAgent: "" } : refusal;
    this.#windows.set(key, { refusal: told, untold: 0 });
    this.#options.tell(told, 1);
    this.#closeLater(key);
  }

  #closeLater(key: string): void {
    setTimeout(() => {
      const { refusal, untold } = this.#windows.get(key) as Window;
      if (untold === 0) {
        this.#windows.delete(key);
        return;
      }
      this.#windows.set(key, { refusal, untold: 0 });
      this.#options.tell(refusal, untold);
      this.#closeLater(key);
    }, this.#options.windowMs).unref();
  }
}
