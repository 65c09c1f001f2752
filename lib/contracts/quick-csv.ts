/** What the server, the portal and the command line all hold about the quick CSV. */

/** The seed's cap: the newest so many rows are kept, and the answer says that there were more. */
export const CSV_ROWS_MAX = 100_000;

/** Downloads under way at once in one process, and of one organization. */
export const CSV_DOWNLOADS_MAX = 6;
export const CSV_DOWNLOADS_OF_ONE_MAX = 3;

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

  /** Records so far without the header. */
  get rows(): number {
    return Math.max(0, this.#records - 1);
  }

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE) this.#inQuotes = !this.#inQuotes;
      else if (byte === LINE_FEED && !this.#inQuotes) this.#records += 1;
    }
  }
}
