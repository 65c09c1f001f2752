/**
 * Reads the CSV that Affidavit writes back into rows: RFC 4180, the apostrophe of `apostrophe-v1` undone, each cell its
 * value again, so that a row of the file equals the row of `GET /v1/events/{id}`. Nothing is imported: it runs in Node,
 * in a browser and in a worker.
 */

/** A row as the API answers it: field → value, null where it has none. */
export type CsvRow = Record<string, unknown>;

/** The columns of each kind whose cells are JSON (numbers, lists, objects, true and false). All others are text. */
export const JSON_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  call: [
    "response_status",
    "latency_ms",
    "seq",
    "schema_version",
    "resolved_user_ids",
    "grant_scopes",
    "context",
    "retry_count",
    "request_headers",
    "response_headers",
    "stripped_headers",
    "request_body_bytes",
    "request_body_truncated",
    "response_body_bytes",
    "response_body_truncated",
  ],
  query: [
    "rows_accessed",
    "execution_time_ms",
    "seq",
    "schema_version",
    "bytes_accessed",
    "objects_accessed",
    "tags_accessed",
    "policies_applied",
    "abridged_fields",
    "redaction",
  ],
  custom: ["event_details", "event_time", "seq", "schema_version"],
  system: ["changes", "details", "seq", "schema_version"],
};

/** The text is no CSV of ours, or only a part of one. */
export class CsvError extends Error {
  override name = "CsvError";
  /** Records before the faulty one; 0 is the line of names. */
  readonly record: number;

  constructor(message: string, record: number) {
    super(`record ${record}: ${message}`);
    this.record = record;
  }
}

/** A cell as it stands in the file: null is an empty cell without quotes. */
type Cell = string | null;

interface CellAt {
  cell: Cell;
  /** Where the cell ends; a comma or a line break follows. */
  end: number;
}

const BARE = /[^",\r\n]*/y;

/** A cell without quotes. Undefined where the text ends before the cell is known to. */
function bareAt(text: string, at: number): CellAt | undefined {
  BARE.lastIndex = at;
  BARE.test(text);
  const end = BARE.lastIndex;
  return end === text.length ? undefined : { cell: end === at ? null : text.slice(at, end), end };
}

/** A cell in quotes; `at` is the first of them. Undefined as above. */
function quotedAt(text: string, at: number): CellAt | undefined {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 2)) {
    // The last character may be the first half of a doubled quote.
    if (quote === text.length - 1) return undefined;
    if (text[quote + 1] !== '"') return { cell: text.slice(at + 1, quote).replaceAll('""', '"'), end: quote + 1 };
  }
  return undefined;
}

interface RecordAt {
  cells: Cell[];
  end: number;
}

/** The record that begins at `start`; undefined where the text ends before it does. */
function recordAt(text: string, start: number, fault: (message: string) => CsvError): RecordAt | undefined {
  const cells: Cell[] = [];
  for (let at = start; ; ) {
    const found = text[at] === '"' ? quotedAt(text, at) : bareAt(text, at);
    if (!found) return undefined;
    cells.push(found.cell);
    const { end } = found;
    if (text[end] === ",") at = end + 1;
    else if (text.startsWith("\r\n", end)) return { cells, end: end + 2 };
    else if (text[end] === "\r" && end === text.length - 1) return undefined;
    else throw fault(`a comma or CRLF must follow cell ${cells.length}, not ${JSON.stringify(text[end])}`);
  }
}

/** `apostrophe-v1` undone: a cell that begins with an apostrophe was given one. */
export function undoApostrophe(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

export interface CsvOptions {
  /** Names of JSON columns per kind, for kinds that this version does not know. Default: JSON_COLUMNS. */
  jsonColumns?: Readonly<Record<string, readonly string[]>>;
}

/** Reads a file in pieces. `push` each, then `end`. */
export class CsvReader {
  readonly #jsonColumns: Readonly<Record<string, readonly string[]>>;
  readonly #jsonByKind = new Map<string, ReadonlySet<string>>();
  #names: readonly string[] | undefined;
  #records = 0;
  #rest = "";

  constructor(options: CsvOptions = {}) {
    this.#jsonColumns = options.jsonColumns ?? JSON_COLUMNS;
  }

  /** Takes the next piece. @returns the rows that it completes. @throws CsvError */
  push(piece: string): CsvRow[] {
    const text = this.#rest + piece;
    const rows: CsvRow[] = [];
    let at = 0;
    for (let record = this.#next(text, at); record; record = this.#next(text, at)) {
      at = record.end;
      if (this.#names) rows.push(this.#row(this.#names, record.cells));
      else this.#names = record.cells.map((cell) => cell ?? "");
      this.#records += 1;
    }
    this.#rest = text.slice(at);
    return rows;
  }

  /** Nothing follows. @throws CsvError where the file was cut: a whole one ends with CRLF */
  end(): void {
    if (this.#rest !== "") throw this.#fault("the file ends in the middle of it");
    if (!this.#names) throw this.#fault("the line of names is missing");
  }

  #fault(message: string): CsvError {
    return new CsvError(message, this.#records);
  }

  #next(text: string, at: number): RecordAt | undefined {
    return at === text.length ? undefined : recordAt(text, at, (message) => this.#fault(message));
  }

  #jsonOf(kind: string): ReadonlySet<string> {
    let names = this.#jsonByKind.get(kind);
    if (!names) {
      if (!Object.hasOwn(this.#jsonColumns, kind))
        throw this.#fault(`the kind ${JSON.stringify(kind)} is not known here`);
      names = new Set(this.#jsonColumns[kind]);
      this.#jsonByKind.set(kind, names);
    }
    return names;
  }

  #value(name: string, cell: Cell, json: ReadonlySet<string>): unknown {
    const text = cell === null ? null : undoApostrophe(cell);
    if (text === null || !json.has(name)) return text;
    try {
      return JSON.parse(text);
    } catch {
      throw this.#fault(`${name} is not JSON`);
    }
  }

  #row(names: readonly string[], cells: readonly Cell[]): CsvRow {
    if (cells.length !== names.length) throw this.#fault(`it has ${cells.length} cells, not ${names.length}`);
    const json = this.#jsonOf(cells[names.indexOf("kind")] ?? "");
    return Object.fromEntries(names.map((name, index) => [name, this.#value(name, cells[index] ?? null, json)]));
  }
}

/** All rows of a file. @throws CsvError */
export function decodeCsv(text: string, options?: CsvOptions): CsvRow[] {
  const reader = new CsvReader(options);
  const rows = reader.push(text);
  reader.end();
  return rows;
}

/** The rows of a file that is too large to hold, such as a download's body. @throws CsvError, TypeError for bad UTF-8 */
export async function* decodeCsvStream(
  pieces: AsyncIterable<string | Uint8Array>,
  options?: CsvOptions,
): AsyncGenerator<CsvRow, void> {
  const reader = new CsvReader(options);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const piece of pieces) {
    yield* reader.push(typeof piece === "string" ? piece : decoder.decode(piece, { stream: true }));
  }
  yield* reader.push(decoder.decode());
  reader.end();
}
