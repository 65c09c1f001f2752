import { type Made, type Maker, makeEvent } from "./query-event";
import type { Statement } from "./statement";

/** How old a catalogue may be when a statement is held against it, ms. */
const EVERY_MS = 10_000;
/** The same for a statement on a table that it does not know, ms. */
const UNKNOWN_MS = 3_000;
/** Reading takes this share of the time at most: a large catalogue has many pages. */
const SHARE = 0.1;

interface Source {
  maker: Maker;
  /** Gives `maker` the catalogue as it is now; undefined: there is none. */
  read: (() => Promise<void>) | undefined;
  /** ms, as they go by. */
  now?: () => number;
}

/** Makes rows of statements by a catalogue that is read again while they pass by. */
export class CatalogueWatch {
  private readonly source: Source;
  private readMs: number;
  private tookMs = 0;

  constructor(source: Source) {
    this.source = source;
    this.readMs = this.now();
  }

  /** A table that nobody knows may just have been connected: the catalogue is read once more before it is passed over. */
  async make(statement: Statement): Promise<Made> {
    const { maker } = this.source;
    await this.readAfter(EVERY_MS);
    const made = makeEvent(statement, maker);
    return made.hasUnknown && (await this.readAfter(UNKNOWN_MS)) ? makeEvent(statement, maker) : made;
  }

  private now(): number {
    return this.source.now?.() ?? performance.now();
  }

  /** @returns whether it was read */
  private async readAfter(ms: number): Promise<boolean> {
    const begunMs = this.now();
    const { read } = this.source;
    if (!read || begunMs - this.readMs < Math.max(ms, this.tookMs / SHARE)) return false;
    await read();
    this.readMs = this.now();
    this.tookMs = this.readMs - begunMs;
    return true;
  }
}
