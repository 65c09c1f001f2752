import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { CsvRecordCounter } from "../lib/contracts/quick-csv";
import { ServerFault } from "./faults";
import { messageOf } from "./http";
import { counted } from "./words";

/** What the server says of its CSV before the first byte. */
export interface CsvManifest {
  /** The server's name for the file; undefined where it is none that we would use. */
  name: string | undefined;
  rows: number;
  isTruncated: boolean;
}

/** @throws ServerFault where the answer is no CSV of Affidavit */
export function manifestOf(response: IncomingMessage): CsvManifest {
  const { headers } = response;
  const rows = Number(headers["x-affidavit-rows"]);
  if (!headers["content-type"]?.startsWith("text/csv") || !Number.isSafeInteger(rows)) {
    throw new ServerFault("The answer is no CSV with a count of its rows: is this Affidavit?", 200);
  }
  // The name becomes a path: nothing but a plain file name is taken from another machine.
  const name = /filename="([\w-][\w.-]{0,200}\.csv)"/.exec(headers["content-disposition"] ?? "")?.[1];
  return { name, rows, isTruncated: headers["x-affidavit-truncated"] === "true" };
}

const HASH = "x-affidavit-sha256";

/**
 * Hands on the bytes of a CSV and then holds it against what the server said: the count of rows and, where it sends one,
 * the SHA-256.
 * @returns the SHA-256 in hex, and whether the server's was the same
 * @throws ServerFault where the answer broke off or differs
 */
export async function takeCsv(
  response: IncomingMessage,
  { rows }: CsvManifest,
  take: (bytes: Uint8Array, rowsSoFar: number) => Promise<void>,
): Promise<{ sha256: string; isConfirmed: boolean }> {
  const hash = createHash("sha256");
  const counter = new CsvRecordCounter();
  try {
    for await (const chunk of response) {
      hash.update(chunk as Uint8Array);
      counter.add(chunk as Uint8Array);
      await take(chunk as Uint8Array, counter.rows);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!/^(ECONN|EPROTO|HPE_|ERR_STREAM)/.test(code) && (error as Error).message !== "aborted") throw error;
    throw new ServerFault(
      `The answer broke off after ${counter.rows} of ${counted(rows, "rows")} (${messageOf(error)}).`,
    );
  }
  if (counter.rows !== rows)
    throw new ServerFault(`The answer has ${counted(counter.rows, "rows")}, and the server promised ${rows}.`);
  const sha256 = hash.digest("hex");
  const promised = response.trailers[HASH] ?? response.headers[HASH];
  if (promised === undefined && response.headers.trailer?.toLowerCase().includes(HASH)) {
    throw new ServerFault("The answer lacks the SHA-256 that was announced: it is not whole.");
  }
  if (promised !== undefined && promised !== sha256) {
    throw new ServerFault(`The SHA-256 differs: the server sent ${String(promised)}, what arrived has ${sha256}.`);
  }
  return { sha256, isConfirmed: promised !== undefined };
}
