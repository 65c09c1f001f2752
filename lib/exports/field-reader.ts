import "server-only";
import type { KindDef } from "@/lib/log-kinds/define";
import type { StoredDocuments } from "./copy-reader";
import { ESCAPED, MemberScanner, PLACE_SIZE } from "./member-scanner";

const QUOTE = 0x22;

/** Reads a few fields of stored documents, and makes values of those only. */
export class FieldReader {
  readonly #core: { names: readonly string[]; scanner: MemberScanner };
  readonly #detail: { names: readonly string[]; scanner: MemberScanner };

  constructor(kind: KindDef, names: readonly string[]) {
    const details = new Set(kind.fields.filter((field) => !field.core).map((field) => field.name));
    const read = (mine: string[]) => ({ names: mine, scanner: new MemberScanner(mine) });
    this.#core = read(names.filter((name) => !details.has(name)));
    this.#detail = read(names.filter((name) => details.has(name)));
  }

  /** The fields that the row has. */
  read(documents: StoredDocuments): Record<string, unknown> {
    this.#core.scanner.scan(documents, documents.coreStart, documents.coreEnd);
    this.#detail.scanner.scan(documents, documents.detailStart, documents.detailEnd);
    const row: Record<string, unknown> = {};
    for (const { names, scanner } of [this.#core, this.#detail])
      for (const [index, name] of names.entries())
        row[name] = valueAt(documents.data, scanner.places, index * PLACE_SIZE);
    return row;
  }
}

function valueAt(data: Buffer, places: Int32Array, index: number): unknown {
  const end = places[index + 1] as number;
  if (end === 0) return undefined;
  const start = places[index] as number;
  if (data[start - 1] !== QUOTE) return JSON.parse(data.toString("utf8", start, end));
  if ((places[index + 2] as number) & ESCAPED) return JSON.parse(data.toString("utf8", start - 1, end + 1));
  return data.toString("utf8", start, end);
}
