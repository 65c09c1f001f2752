import { isUtf8 } from "node:buffer";
import { AppError } from "../errors/app-error";
import { JsonFaults } from "./json-faults";
import { EVENT_LIMITS, type JsonLimits } from "./json-limits";
import { JsonScan } from "./json-scan";
import { atOnce, type Steps } from "./time-slices";

/**
 * Strict JSON for bodies that anyone may send. What JSON.parse hides is refused: two members of one name, numbers
 * that a double would change, lone surrogates, bad UTF-8, bottomless nesting. JSON.parse makes the value, one pass
 * over the characters finds what it cannot see (about half the speed of JSON.parse alone); only a text that
 * looks wrong is read by the slow reader, which names every fault.
 *
 * Depth and members are counted per event: the event's own object is depth 1; the array or `{events: […]}` around
 * events does not count. A member named `__proto__` is data like any other.
 *
 * @throws AppError 400 `malformed_json` (with line, column, byte) or `invalid_utf8`; 422 `duplicate_name`,
 * `inexact_number` or `invalid_request` (depth, members, lone surrogates), with JSON Pointers to at most 20 faults.
 * Where faults of several kinds meet, the code is the first one's.
 */
export function parseStrictJson(body: Uint8Array | string, limits?: Partial<JsonLimits>): unknown {
  return atOnce(strictJsonSteps(body, limits));
}

/** The same in three steps, for bodies of many MiB. JSON.parse is one of them and cannot be split. */
export function* strictJsonSteps(body: Uint8Array | string, limits?: Partial<JsonLimits>): Steps<unknown> {
  return yield* textSteps(decodeUtf8(body), {
    limits: { ...EVENT_LIMITS, ...limits },
    prefix: "",
    mayHoldHalves: typeof body === "string",
  });
}

/**
 * One event a line (`\n` or `\r\n`); blank lines are skipped. Pointers begin with the event's place among the lines
 * that are not blank, from 0, which is also its place in the answer; `line` of a malformed one counts every line.
 * @throws AppError as parseStrictJson, for the first line that has a fault
 */
export function parseStrictNdjson(body: Uint8Array | string, limits?: Partial<Omit<JsonLimits, "per">>): unknown[] {
  const merged: JsonLimits = { ...EVENT_LIMITS, ...limits, per: "document" };
  const text = decodeUtf8(body);
  const events: unknown[] = [];
  let start = 0;
  for (let line = 0; start <= text.length; line += 1) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const one = text.slice(start, end);
    if (/[^ \t\r]/.test(one)) {
      const options = { limits: merged, prefix: `/${events.length}`, mayHoldHalves: typeof body === "string" };
      events.push(parseLine(one, options, { line, text, start }));
    }
    start = end + 1;
  }
  return events;
}

function parseLine(one: string, options: ParseOptions, place: { line: number; text: string; start: number }): unknown {
  try {
    return parseText(one, options);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "malformed_json") throw error;
    const { extra, ...rest } = error.options;
    const line = place.line + 1;
    const byte = Buffer.byteLength(place.text.slice(0, place.start)) + Number(extra?.byte);
    throw new AppError("malformed_json", {
      ...rest,
      detail: rest.detail.replace("at line 1,", `at line ${line},`),
      extra: { ...extra, line, byte },
    });
  }
}

/** The text of a body. @throws AppError 400 `invalid_utf8` */
export function decodeUtf8(body: Uint8Array | string): string {
  if (typeof body === "string") return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) throw invalidUtf8(bytes);
  return bytes.toString("utf8");
}

function invalidUtf8(bytes: Buffer): AppError {
  // Replacement characters stand where the bytes are wrong: the first difference is the place.
  const repaired = Buffer.from(bytes.toString("utf8"));
  let byte = 0;
  while (byte < bytes.length && bytes[byte] === repaired[byte]) byte += 1;
  return new AppError("invalid_utf8", {
    detail: `The body is not UTF-8: the first wrong byte is near byte ${byte}. Encode it as UTF-8.`,
    extra: { byte },
  });
}

interface ParseOptions {
  limits: JsonLimits;
  /** Put before every pointer. */
  prefix: string;
  /** Bytes that are UTF-8 cannot hold half a surrogate pair; a JavaScript string can. */
  mayHoldHalves: boolean;
}

const parseText = (text: string, options: ParseOptions): unknown => atOnce(textSteps(text, options));

function* textSteps(text: string, { limits, prefix, mayHoldHalves }: ParseOptions): Steps<unknown> {
  const scan = new JsonScan(text, limits);
  // With the flag u this class matches only surrogates that stand alone.
  if (scan.isSuspicious() || (mayHoldHalves && /\p{Surrogate}/u.test(text)))
    new JsonFaults(text, limits, prefix).check();
  yield;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    new JsonFaults(text, limits, prefix).check();
    throw new AppError("malformed_json", { detail: "The body is not JSON.", cause });
  }
  yield;
  // JSON.parse keeps the last of two equal names, so a repeated name shows as a member that is missing.
  if (countMembers(value) !== scan.members) new JsonFaults(text, limits, prefix).check();
  return value;
}

/** Members of all objects inside `value`. Recursion is bounded: deeper texts were refused before. */
function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === "object") count += countMembers(element);
    return count;
  }
  for (const name in value) {
    count += 1;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === "object") count += countMembers(member);
  }
  return count;
}
