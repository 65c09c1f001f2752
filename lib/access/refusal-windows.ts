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
  /**
   * Windows of a name and an address that may be open at once. Beyond that each known name has one for all its further
   * addresses, and names that nobody has share one: a flood of them hides no attempt on a real account.
   */
  windowsMax: number;
  /** Whether somebody has this name. Never rejects. */
  isKnown: (email: string) => Promise<boolean>;
  /** Tells so many of them. Never rejects. */
  tell: (refusal: Refusal, attempts: number) => void;
}

const keyOf = ({ clientIp, email }: Refusal) => `${clientIp}|${email}`;

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
    if (this.#windows.has(keyOf(refusal)) || this.#windows.size < this.#options.windowsMax) this.#count(refusal);
    else void this.#pool(refusal.email);
  }

  async #pool(email: string): Promise<void> {
    const name = (await this.#options.isKnown(email)) ? email : "";
    this.#count({ email: name, clientIp: "", userAgent: "" });
  }

  #count(refusal: Refusal): void {
    const key = keyOf(refusal);
    const open = this.#windows.get(key);
    if (open) {
      open.untold += 1;
      return;
    }
    this.#windows.set(key, { refusal, untold: 0 });
    this.#options.tell(refusal, 1);
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
