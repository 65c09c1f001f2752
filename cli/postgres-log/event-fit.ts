import { redactMessage } from "../../lib/redact/redact";
import type { TouchedTable } from "./touched";

/** Elements of objects_accessed, at most, four members each; an event may have 1,000 members in all. */
const OBJECTS_MAX = 200;
/** Members that objects and tags may have together: what is left beside the other fields, fewer than 40. */
const MEMBERS_MAX = 960;
/** JSON of the tags, beside the longest text and 200 objects of ordinary names. */
const TAGS_CHARACTERS_MAX = 16_384;
/** Characters of a name, and bytes of a statement's JSON: an event may have 256 KiB. */
const NAME_MAX = 512;
const TEXT_BYTES_MAX = 200_000;
const MESSAGE_MAX = 8_192;

interface ObjectAccessed {
  database: string;
  schema?: string;
  table: string;
  column?: string;
}

interface Tag {
  key: string;
  value?: string;
}

/** A cut is not made in the middle of a character of two units. */
const beginning = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

const membersOf = (objects: readonly object[]) => objects.reduce((sum, object) => sum + Object.keys(object).length, 0);

function tableObject({ database, schema, table }: TouchedTable): ObjectAccessed {
  return { database, ...(schema !== undefined && { schema }), table };
}

function distinctTags(tables: readonly TouchedTable[]): Tag[] {
  const tags = tables.flatMap(({ known, columns }) =>
    [...columns].flatMap((name) => known?.columns.get(name)?.tags ?? []),
  );
  const distinct = new Map(tags.map(({ key, value }) => [JSON.stringify([key, value ?? null]), { key, value }]));
  return [...distinct.values()].map(({ key, value }) => ({
    key,
    ...(value !== undefined && value !== null && { value }),
  }));
}

/** Fits what a log holds into one event, and keeps note of the fields of which only a part fits. */
export class EventFit {
  private readonly cut = new Set<string>();

  /** Names of the fields that hold a part only. */
  get abridged(): string[] {
    return [...this.cut].sort();
  }

  name(field: string, text: string | undefined): string | undefined {
    if (text === undefined || text.length <= NAME_MAX) return text;
    this.cut.add(field);
    return beginning(text, NAME_MAX);
  }

  /** @param isPart whether the log told no more of it */
  statement(text: string, isPart = false): string {
    if (isPart) this.cut.add("query_text");
    if (Buffer.byteLength(JSON.stringify(text)) <= TEXT_BYTES_MAX) return text;
    this.cut.add("query_text");
    let part = text.slice(0, TEXT_BYTES_MAX);
    while (Buffer.byteLength(JSON.stringify(part)) > TEXT_BYTES_MAX)
      part = part.slice(0, Math.floor(part.length * 0.8));
    return beginning(part, part.length);
  }

  /**
   * The error in words. `invalid input syntax for type integer: "…"` quotes a bind value, so it is redacted here already; each
   * number becomes 0, not a random digit, as a second sending must be the same event.
   */
  message(message: string): string {
    const { text } = redactMessage(beginning(message, MESSAGE_MAX / 2), "postgres");
    const safe = text.replace(/(?<![\w.])\d(?![\w.])/g, "0");
    if (message.length > MESSAGE_MAX / 2 || safe.length > MESSAGE_MAX) this.cut.add("error_message");
    return beginning(safe, MESSAGE_MAX);
  }

  /** One element a column; where there are too many, one a table. */
  objects(tables: readonly TouchedTable[]): ObjectAccessed[] {
    const whole = tables.flatMap((table) => {
      const columns = [...table.columns].map((column) => ({
        ...tableObject(table),
        column: this.name("objects_accessed", column) ?? "",
      }));
      return columns.length > 0 ? columns : [tableObject(table)];
    });
    if (whole.length <= OBJECTS_MAX) return whole;
    this.cut.add("objects_accessed");
    return tables.slice(0, OBJECTS_MAX).map(tableObject);
  }

  /** Distinct tags of the columns, as many as fit beside the objects. */
  tags(tables: readonly TouchedTable[], objects: readonly ObjectAccessed[]): Tag[] {
    const all = distinctTags(tables);
    let members = membersOf(objects);
    let characters = 0;
    const fitting = all.filter((tag) => {
      members += Object.keys(tag).length;
      characters += JSON.stringify(tag).length;
      return members <= MEMBERS_MAX && characters <= TAGS_CHARACTERS_MAX;
    });
    if (fitting.length < all.length) this.cut.add("tags_accessed");
    return fitting;
  }
}
