import { INTAKE } from "../contracts/intake";

/**
 * Limits of untrusted JSON (pure, like its readers: the command line uses them too). `per: "event"`: a top-level array, and the array under a top-level member `events`, are
 * envelopes; each of their elements starts anew at depth 1 with no keys. `per: "document"`: the whole text is one unit.
 */
export interface JsonLimits {
  /** Most containers inside one another; the event itself is the first. */
  depthMax: number;
  /** Most members in one event, those of nested objects included. */
  keysMax: number;
  per: "event" | "document";
}

export const EVENT_LIMITS: JsonLimits = { depthMax: INTAKE.depth, keysMax: INTAKE.members, per: "event" };

const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Longest text of a number without exponent that cannot lose anything: 15 digits always survive a double. */
export const SAFE_NUMBER_LENGTH = 15;

/** Digits that carry value, without leading and trailing zeros: 0.0012000 → 12. */
function significantDigits(text: string): string {
  const mantissa = text.replace(/[eE].*$/, "").replace(/[-.]/g, "");
  return mantissa.replace(/^0+/, "").replace(/0+$/, "");
}

/** Why a JSON number would not be the same after RFC 8785, in words, or undefined where it would. */
export function inexactReason(text: string): string | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, , fraction, exponent] = match;
  const value = Number(text);
  const digits = significantDigits(text);
  if (!Number.isFinite(value)) return "is too large for a double";
  if (value === 0) return digits === "" ? undefined : "is not zero but too small for a double";
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    if (fraction === undefined && exponent === undefined) return "is an integer beyond 2^53-1";
    // Beyond 2^53-1 doubles have gaps wider than one: 9007199254740993.0 would silently become …992.
    if (digits.length <= INTAKE.digits && digits !== significantDigits(value.toPrecision(Math.max(digits.length, 1)))) {
      return "lies between two doubles beyond 2^53-1";
    }
  }
  return digits.length > INTAKE.digits ? `has more than ${INTAKE.digits} significant digits` : undefined;
}

/** Whether `text` has, at `at`, a surrogate pair written as two escapes (\ud83d\ude00). */
export function isEscapedPair(text: string, at: number): boolean {
  return /^\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}$/.test(text.slice(at, at + 12));
}
