const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/**
 * Counts the records of a CSV (RFC 4180) as its bytes pass by, in pieces cut anywhere. A line feed inside quotes is part
 * of a value; a doubled quote closes and opens again, which comes to the same.
 */
export class CsvRecordCounter {
  #inQuotes = false;
  #records = 0;

  /** Records so far, the header among them. */
  get records(): number {
    return this.#records;
  }

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE) this.#inQuotes = !this.#inQuotes;
      else if (byte === LINE_FEED && !this.#inQuotes) this.#records += 1;
    }
  }
}
