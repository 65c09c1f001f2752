import type { Terminal } from "./terminal";
import { grouped } from "./words";

const BAR_CELLS = 24;
const SHOWN_EVERY_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

/** A line that is overwritten, on a screen only: a bar where the end is known, else a count. */
export class Progress {
  private readonly terminal: Terminal;
  /** What is counted in words, such as "rows". */
  private readonly unit: string;
  private shownAtMs = 0;
  private isShown = false;

  constructor(terminal: Terminal, unit: string) {
    this.terminal = terminal;
    this.unit = unit;
  }

  /** @param share from 0 to 1 of the work, where its end is known */
  show(count: number, share?: number): void {
    if (!this.terminal.isScreen || Date.now() - this.shownAtMs < SHOWN_EVERY_MS) return;
    this.shownAtMs = Date.now();
    this.isShown = true;
    const words = `${grouped(count)} ${this.unit}`;
    this.terminal.err(`${CLEAR_LINE}${share === undefined ? "" : `${bar(share)}  `}${words}`);
  }

  /** Makes room for a line that stays. */
  clear(): void {
    if (this.isShown) this.terminal.err(CLEAR_LINE);
    this.isShown = false;
  }
}

function bar(share: number): string {
  const within = Math.min(1, Math.max(0, share));
  const full = Math.floor(within * BAR_CELLS);
  const percent = `${Math.floor(within * 100)} %`.padStart(5);
  return `[${"#".repeat(full)}${".".repeat(BAR_CELLS - full)}] ${percent}`;
}
