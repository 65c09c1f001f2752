import type { z } from "zod";

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const FORMATS: Record<string, string> = {
  uuid: "a UUID such as 0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
  email: "an e-mail address",
  datetime: "an RFC 3339 time with a zone, such as 2026-11-22T00:01:02Z",
  url: "an address such as https://example.com/",
};
const UNITS: Record<string, string> = { string: "characters", array: "elements" };

/** What was sent, as JSON names it. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const name = typeof value;
  return TYPES[name] ?? name;
}

const numeral = (value: number | bigint) => value.toLocaleString("en-US");
/** `at most 512 characters`, `at least 0` */
function bound(word: string, most: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  const what = `${word} ${numeral(most)}${unit ? ` ${most === 1 ? unit.slice(0, -1) : unit}` : ""}`;
  return unit ? `must have ${what}` : `must be ${what}`;
}

const lengthOf = (value: unknown) =>
  typeof value === "string" || Array.isArray(value) ? `; this has ${numeral(value.length)}` : "";

function wrongType(expected: string, input: unknown): string {
  if (input === undefined) return "is required";
  const isFraction = expected === "int" && typeof input === "number";
  return `must be ${TYPES[expected] ?? expected}, not ${isFraction ? input : typeOf(input)}`;
}

/**
 * The message of a fault in words that say what to do, read after the name of what is at fault: "/method must have at most
 * 512 characters". To be given to Zod as the `error` of a parse; what a schema says itself comes first.
 * @returns undefined for what Zod says well enough
 */
export function wordFault(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, issue.input);
    case "too_big":
      return bound("at most", issue.maximum, issue.origin) + lengthOf(issue.input);
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "must not be empty";
      return bound("at least", issue.minimum, issue.origin) + lengthOf(issue.input);
    case "invalid_value":
      return issue.input === undefined ? "is required" : `must be one of: ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return FORMATS[issue.format] && `must be ${FORMATS[issue.format]}`;
    case "invalid_union":
      return "has none of the forms that are taken here";
    case "invalid_key":
      return "has a name that is too long or not taken here";
    case "unrecognized_keys":
      return `must not have ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}: there is no such field here`;
    default:
      return undefined;
  }
}

interface PlainFault {
  path: PropertyKey[];
  message: string;
}

/** The faults of a failed parse, an unknown member each at its own place. */
export function faultsOf(error: z.core.$ZodError): PlainFault[] {
  return error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: "is not a field here" }))
      : [{ path: [...issue.path], message: issue.message }],
  );
}
