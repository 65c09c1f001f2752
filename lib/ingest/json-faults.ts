import { AppError, type Fault } from "../errors/app-error";
import type { ErrorCode } from "../errors/codes";
import { inexactReason, type JsonLimits } from "./json-limits";

/** Most faults that one answer lists. */
const FAULTS_MAX = 20;
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const ESCAPES = new Set(['"', "\\", "/", "b", "f", "n", "r", "t"]);
const LITERALS = ["true", "false", "null"];

const DETAILS: Partial<Record<ErrorCode, string>> = {
  duplicate_name: "Send each member of an object once: of two values for one name, one would be lost.",
  inexact_number: "Send such a number as a string: stored as a JSON number it would become another one.",
};

/** One container of elements that are judged by their own limits: the event around the place that is being read. */
interface EventScope {
  pointer: string;
  members: number;
  reported: boolean;
}

class EnoughFaults extends Error {}

const escapePointer = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * The exact judge of untrusted JSON: reads the whole text by RFC 8259 and lists what breaks our rules, with JSON
 * Pointers. About ten times slower than JSON.parse, so it only runs where the fast pass (json-scan.ts) suspects
 * something. Its recursion is bounded by `depthMax`: reading ends at the first container that is too deep.
 */
export class JsonFaults {
  private at = 0;
  private readonly path: (string | number)[] = [];
  private readonly faults: { code: ErrorCode; fault: Fault }[] = [];
  private scope: EventScope = { pointer: "", members: 0, reported: false };

  private readonly text: string;
  private readonly limits: JsonLimits;
  private readonly prefix: string;

  /** @param prefix put before every pointer */
  constructor(text: string, limits: JsonLimits, prefix = "") {
    this.text = text;
    this.limits = limits;
    this.prefix = prefix;
  }

  /** @throws AppError with every fault, at most 20; returns where there is none */
  check(): void {
    try {
      this.readTop();
    } catch (error) {
      if (!(error instanceof EnoughFaults)) throw error;
    }
    const first = this.faults[0];
    if (!first) return;
    throw new AppError(first.code, {
      detail: DETAILS[first.code] ?? `${first.fault.pointer || "The document"} ${first.fault.message}.`,
      errors: this.faults.map(({ fault }) => fault),
    });
  }

  private readTop(): void {
    const { text } = this;
    if (text.charCodeAt(0) === 0xfeff) this.malformed("begins with a byte order mark: send UTF-8 without one");
    this.skipSpace();
    const isEnvelope = this.limits.per === "event" && text[this.at] === "[";
    this.readValue(isEnvelope ? 0 : 1);
    this.skipSpace();
    if (this.at < text.length) this.malformed("goes on after the end of the value");
  }

  private readValue(depth: number): void {
    const char = this.text[this.at];
    if (char === "{" || char === "[") this.readContainer(char, depth);
    else if (char === '"') this.readString("holds");
    else if (char === "-" || (char !== undefined && char >= "0" && char <= "9")) this.readNumber();
    else this.readLiteral();
  }

  private readContainer(char: "{" | "[", depth: number): void {
    if (depth > this.limits.depthMax) {
      this.report("invalid_request", `is nested deeper than ${this.limits.depthMax} levels`);
      throw new EnoughFaults();
    }
    const outer = this.scope;
    if (depth === 1) this.scope = { pointer: this.pointer(), members: 0, reported: false };
    this.at += 1;
    this.skipSpace();
    if (char === "{") this.readMembers(depth);
    else this.readElements(depth);
    this.scope = outer;
  }

  private readElements(depth: number): void {
    if (this.take("]")) return;
    for (let index = 0; ; index += 1) {
      this.path.push(index);
      this.readValue(depth + 1);
      this.path.pop();
      this.skipSpace();
      if (this.take("]")) return;
      if (!this.take(",")) this.malformed("expects , or ] after an array's element");
      this.skipSpace();
    }
  }

  private readMembers(depth: number): void {
    if (this.take("}")) return;
    const names = new Set<string>();
    for (;;) {
      this.readMember(depth, names);
      if (this.take("}")) return;
      if (!this.take(",")) this.malformed("expects , or } after a member");
      this.skipSpace();
    }
  }

  private readMember(depth: number, names: Set<string>): void {
    if (this.text[this.at] !== '"') this.malformed('expects a member name in "double quotes"');
    const isTop = this.path.length === 0 && this.limits.per === "event";
    const name = this.readString("has a member name with");
    this.path.push(name);
    if (names.has(name)) this.report("duplicate_name", "appears twice in one object");
    names.add(name);
    this.countMember();
    this.skipSpace();
    if (!this.take(":")) this.nameless();
    this.skipSpace();
    const isEnvelope = isTop && name === "events" && this.text[this.at] === "[";
    this.readValue(isEnvelope ? 0 : depth + 1);
    this.path.pop();
    this.skipSpace();
  }

  private countMember(): void {
    const { scope, limits } = this;
    scope.members += 1;
    if (scope.members <= limits.keysMax || scope.reported) return;
    scope.reported = true;
    this.reportAt(scope.pointer, "invalid_request", `has more than ${limits.keysMax} members, nested ones included`);
  }

  /** @returns the string's value */
  private readString(verb: string): string {
    const { text } = this;
    const start = this.at;
    this.at += 1;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 0x22) break;
      if (Number.isNaN(code)) this.malformed("ends inside a string");
      if (code < 0x20) this.malformed("has a control character inside a string: write it as an escape");
      if (code === 0x5c) this.readEscape();
      else this.at += 1;
    }
    this.at += 1;
    const value = JSON.parse(text.slice(start, this.at)) as string;
    // With the flag u this class matches only surrogates that stand alone.
    if (/\p{Surrogate}/u.test(value)) this.report("invalid_request", `${verb} half of a surrogate pair`);
    return value;
  }

  private readEscape(): void {
    const char = this.text[this.at + 1] ?? "";
    if (ESCAPES.has(char)) this.at += 2;
    else if (char === "u" && /^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) this.at += 6;
    else this.malformed("has an escape that JSON does not know");
  }

  private readNumber(): void {
    const match = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    match.lastIndex = this.at;
    const number = match.exec(this.text)?.[0];
    if (number === undefined) this.malformed("expects a digit after -");
    this.at += number.length;
    if (/[\d.eE+-]/.test(this.text[this.at] ?? "")) this.malformed("has a number that JSON does not allow");
    const reason = inexactReason(number);
    if (reason !== undefined) this.report("inexact_number", reason);
  }

  private readLiteral(): void {
    const literal = LITERALS.find((word) => this.text.startsWith(word, this.at));
    if (literal === undefined)
      this.malformed(this.at < this.text.length ? "expects a value" : "ends where a value should be");
    else this.at += literal.length;
  }

  private skipSpace(): void {
    while (WHITESPACE.has(this.text.charCodeAt(this.at))) this.at += 1;
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private pointer(): string {
    return this.prefix + this.path.map((part) => `/${escapePointer(String(part))}`).join("");
  }

  private report(code: ErrorCode, message: string): void {
    this.reportAt(this.pointer(), code, message);
  }

  private reportAt(pointer: string, code: ErrorCode, message: string): void {
    this.faults.push({ code, fault: { pointer, message } });
    if (this.faults.length >= FAULTS_MAX) throw new EnoughFaults();
  }

  /** What no colon follows may be a value, such as a statement: the pointer does not quote it. */
  private nameless(): never {
    this.path.pop();
    this.malformed("expects : after a member name");
  }

  /** Positions for people: line and column from 1, in characters; byte from 0. */
  private malformed(problem: string): never {
    const before = this.text.slice(0, this.at);
    const line = before.split("\n").length;
    const column = [...before.slice(before.lastIndexOf("\n") + 1)].length + 1;
    throw new AppError("malformed_json", {
      detail: `The JSON ${problem}, at line ${line}, column ${column}.`,
      errors: [{ pointer: this.pointer(), message: problem }],
      extra: { line, column, byte: Buffer.byteLength(before) },
    });
  }
}
