import { AffidavitError } from "./error.ts";

/** The server's limit: an event is the first level. */
const DEPTH_MAX = 64;

const invalid = (why: string) => new AffidavitError(`This event cannot be sent: ${why}.`, { code: "invalid_event" });

/** Values that turn themselves into JSON, such as Date. */
function toPlain(value: unknown): unknown {
  const own = (value as { toJSON?: unknown } | null)?.toJSON;
  return typeof value === "object" && typeof own === "function" ? own.call(value) : value;
}

const isLeftOut = (value: unknown) => value === undefined || typeof value === "function" || typeof value === "symbol";

function writeObject(object: object, depth: number): string {
  if (object instanceof Map || object instanceof Set)
    throw invalid("it holds a Map or Set, which JSON would write as {}");
  const members = Object.entries(object).filter(([, value]) => !isLeftOut(value));
  // The default order of strings is by UTF-16 code unit, which is what RFC 8785 §3.2.3 asks for.
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${write(value, depth + 1)}`).join(",")}}`;
}

function writeNumber(number: number): string {
  if (!Number.isFinite(number)) throw invalid(`it holds ${number}, which JSON cannot write`);
  return JSON.stringify(number);
}

function write(given: unknown, depth: number): string {
  const value = toPlain(given);
  if (value === null || isLeftOut(value)) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "bigint") throw invalid("it holds a BigInt; send it as a string");
  if (depth > DEPTH_MAX) throw invalid(`it is nested deeper than ${DEPTH_MAX} levels, or holds itself`);
  if (Array.isArray(value)) return `[${value.map((element) => write(element, depth + 1)).join(",")}]`;
  return writeObject(value as object, depth);
}

/**
 * RFC 8785: the one text of a JSON value, so that this client and the Python one write the same bytes for the same event.
 * Members that are undefined are left out, Dates become RFC 3339 text, as with JSON.stringify.
 * @throws AffidavitError `invalid_event` where JSON.stringify would silently write something else (NaN, Map, Set), and
 * for BigInt, cycles and more than 64 levels
 */
export function canonicalJson(value: unknown): string {
  return write(value, 1);
}
