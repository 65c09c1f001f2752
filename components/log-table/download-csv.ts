import { CsvRecordCounter } from "@/lib/contracts/quick-csv";
import { counted, grouped } from "../ui/amounts";
import { ask, fromResponse } from "./fetch-json";

export interface DownloadProgress {
  /** Rows that arrived, and how many there will be; undefined: the server did not say. */
  rows: number;
  total: number | undefined;
  bytes: number;
}

export interface DownloadedCsv {
  file: Blob;
  name: string;
  rows: number;
  bytes: number;
  /** There were more rows than a CSV takes: these are the newest. */
  truncated: boolean;
}

const TOLD_EVERY_MS = 100;
/** What lies in the page's memory at most; the browser keeps blobs on disk. */
const HELD_BYTES = 4_194_304;

/** The file arrived, but not all of it. */
export class IncompleteCsv extends Error {
  constructor(rows: number, total: number) {
    super(`Only ${grouped(rows)} of ${counted(total, "row")} arrived.`);
    this.name = "IncompleteCsv";
  }
}

function fileName(response: Response): string {
  const [, name] = /filename="([^"\\/]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  return name ?? "affidavit.csv";
}

/** Gathers pieces into a file of the browser's, counting its rows. */
class CsvFile {
  readonly #counter = new CsvRecordCounter();
  #laid = new Blob([], { type: "text/csv" });
  #held: Uint8Array<ArrayBuffer>[] = [];
  #heldBytes = 0;
  bytes = 0;

  get rows(): number {
    return this.#counter.rows;
  }

  add(piece: Uint8Array<ArrayBuffer>): void {
    this.#counter.add(piece);
    this.#held.push(piece);
    this.bytes += piece.length;
    this.#heldBytes += piece.length;
    if (this.#heldBytes > HELD_BYTES) this.blob();
  }

  blob(): Blob {
    this.#laid = new Blob([this.#laid, ...this.#held], { type: "text/csv" });
    [this.#held, this.#heldBytes] = [[], 0];
    return this.#laid;
  }
}

function announcedRows(response: Response): number | undefined {
  const rows = response.headers.get("x-affidavit-rows");
  return rows !== null && /^\d+$/.test(rows) ? Number(rows) : undefined;
}

/**
 * Reads a CSV into a file of the browser's. By fetch and not by a link, which would say neither how far it is nor that
 * it was truncated, and could not be told from a broken one.
 * @throws RequestError, IncompleteCsv, or the abort of `signal`
 */
export async function downloadCsv(
  path: string,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<DownloadedCsv> {
  const response = await ask(path, "text/csv", signal);
  if (!response.ok || !response.body) throw fromResponse(response, await response.json().catch(() => undefined));
  const total = announcedRows(response);
  const file = new CsvFile();
  const reader = response.body.getReader();
  let toldMs = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    file.add(piece.value);
    if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
    toldMs = performance.now();
    onProgress({ rows: Math.min(file.rows, total ?? file.rows), total, bytes: file.bytes });
  }
  // A connection that ends early may look like one that ended.
  if (total !== undefined && file.rows < total) throw new IncompleteCsv(file.rows, total);
  const truncated = response.headers.get("x-affidavit-truncated") === "true";
  return { file: file.blob(), name: fileName(response), rows: total ?? file.rows, bytes: file.bytes, truncated };
}

/** Hands a file to the browser's downloads. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser may only begin to read it after this turn.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
