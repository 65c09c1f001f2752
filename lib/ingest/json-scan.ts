import { inexactReason, isEscapedPair, type JsonLimits, SAFE_NUMBER_LENGTH } from "./json-limits";

/**
 * One pass over the characters for what JSON.parse cannot see: depth, the number of members, numbers that a double
 * would change, lone surrogates written as escapes. It assumes valid JSON; on anything odd it says "suspicious" and
 * json-faults.ts, which is slower and exact, decides. It may suspect what is innocent, never the other way round.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const MINUS = 0x2d;

export class JsonScan {
  /** Members (names with a value) in the whole text, repeated names included. */
  members = 0;
  private readonly text: string;
  private readonly limits: JsonLimits;
  /** Open containers, and how many of them are envelope and not event. */
  private open = 0;
  private envelope = 0;
  private eventMembers = 0;
  private outerMembers = 0;
  private nameStart = 0;
  private atEvents = false;

  constructor(text: string, limits: JsonLimits) {
    this.text = text;
    this.limits = limits;
  }

  /** Whether the text may break a rule. */
  isSuspicious(): boolean {
    const length = this.text.length;
    let at = 0;
    while (at < length) {
      at = this.step(at);
      if (at < 0) return true;
    }
    return false;
  }

  /** @returns the place after the string, number or character at `at`, or −1 where it looks wrong */
  private step(at: number): number {
    const code = this.text.charCodeAt(at);
    if (code === QUOTE) {
      this.nameStart = at;
      return this.skipString(at + 1);
    }
    if (code === COLON) return this.countMember() ? at + 1 : -1;
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) return this.openContainer(code) ? at + 1 : -1;
    if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) this.closeContainer();
    else if (code === MINUS || (code >= 0x30 && code <= 0x39)) return this.skipNumber(at);
    return at + 1;
  }

  /** @returns the place after the closing quote, or −1 where an escape may be a lone surrogate */
  private skipString(from: number): number {
    const { text } = this;
    const length = text.length;
    let at = from;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) return at + 1;
      if (code !== BACKSLASH) at += 1;
      else if (text.charCodeAt(at + 1) !== 0x75) at += 2;
      else if ((text.charCodeAt(at + 2) | 0x20) !== 0x64 || text.charCodeAt(at + 3) < 0x38) at += 6;
      else if (isEscapedPair(text, at)) at += 12;
      else return -1;
    }
    return at;
  }

  /** @returns the place after the number, or −1 where it may not survive */
  private skipNumber(from: number): number {
    const { text } = this;
    let at = from + 1;
    let hasExponent = false;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code >= 0x30 && code <= 0x39) at += 1;
      else if (code === 0x2e || code === MINUS || code === 0x2b) at += 1;
      else if (code === 0x65 || code === 0x45) {
        hasExponent = true;
        at += 1;
      } else break;
    }
    const plain = !hasExponent && at - from <= SAFE_NUMBER_LENGTH;
    return plain || inexactReason(text.slice(from, at)) === undefined ? at : -1;
  }

  private countMember(): boolean {
    this.members += 1;
    this.eventMembers += 1;
    if (this.open === 1) this.atEvents = this.text.startsWith('"events"', this.nameStart);
    return this.eventMembers <= this.limits.keysMax;
  }

  private openContainer(code: number): boolean {
    if (this.limits.per === "event" && code === OPEN_ARRAY) {
      if (this.open === 0) this.envelope = 1;
      else if (this.open === 1 && this.envelope === 0 && this.atEvents) {
        this.envelope = 2;
        this.outerMembers = this.eventMembers;
      }
    }
    this.open += 1;
    const depth = this.open - this.envelope;
    if (depth === 1) this.eventMembers = 0;
    return depth <= this.limits.depthMax;
  }

  private closeContainer(): void {
    this.open -= 1;
    if (this.envelope === 2 && this.open === 1) {
      this.envelope = 0;
      this.eventMembers = this.outerMembers;
    }
  }
}
