import { AppError } from "@/lib/errors/app-error";
import { parseStrictJson } from "@/lib/ingest/strict-json";
import { elementTexts } from "./json-elements";

/** One row of a call of an external function: its number as sent, and the JSON texts of its records. */
export interface ExternalRow {
  number: number;
  records: string[];
}

const EXPECTED =
  'Expected is what Snowflake sends: {"data": [[0, records], [1, records], …]}, each row its number and one argument.';

function malformed(pointer: string, message: string): AppError {
  return new AppError("malformed_protocol", {
    detail: `${pointer || "The body"} ${message}. ${EXPECTED}`,
    errors: [{ pointer, message }],
  });
}

/** @throws AppError 400 `malformed_json` */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Says where it breaks; what it would say of valid JSON is said of each record instead.
    parseStrictJson(text, { per: "document" });
    throw new AppError("malformed_json", "The body is not JSON.");
  }
}

/** The records of an array, which is valid JSON: their own texts, where it holds them as JSON strings. */
const recordsOf = (array: string) =>
  elementTexts(array).map((text) => (text.startsWith('"') ? (JSON.parse(text) as string) : text));

/** The records that one argument holds: one, an array of them, or a JSON string of either. */
function recordTexts(argument: string): string[] {
  if (argument.startsWith("[")) return recordsOf(argument);
  if (!argument.startsWith('"')) return [argument];
  const text = JSON.parse(argument) as string;
  if (!/^[ \t\r\n]*\[/.test(text)) return [text];
  try {
    JSON.parse(text);
  } catch {
    return [text];
  }
  return recordsOf(text);
}

/**
 * The rows of a request by Snowflake's external-function protocol (docs.snowflake.com, "Remote service input and output
 * data formats"). Records are left as texts, so that one that breaks a rule of JSON stops no other.
 * @throws AppError 400 `malformed_json`, `malformed_protocol`
 */
export function readExternalRows(text: string): ExternalRow[] {
  const body = parse(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw malformed("", "is not an object");
  const members = elementTexts(text);
  const { data } = body as { data?: unknown };
  if (members.length !== 1 || !Array.isArray(data)) throw malformed("", "has not exactly one member, the array `data`");
  const [member = ""] = members;
  // The name is `data`, so the first colon is the one behind it.
  const rows = elementTexts(member.slice(member.indexOf(":") + 1));
  return rows.map((row, index) => {
    const sent: unknown = data[index];
    if (!Array.isArray(sent) || sent.length !== 2)
      throw malformed(`/data/${index}`, "is not an array of a row number and one argument");
    const [number] = sent;
    if (!Number.isSafeInteger(number) || number < 0)
      throw malformed(`/data/${index}/0`, "is not a row number, a whole number from 0");
    const [, argument = "null"] = elementTexts(row);
    return { number, records: recordTexts(argument) };
  });
}
