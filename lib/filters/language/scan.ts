import { OPERATORS, type Operator, type QueryFault, type Span } from "./ast";

/** One piece of a query. `text` and `quoted` hold what is meant, without quotes and escapes. */
export type Token = Span &
  (
    | { type: "open" | "close" | "minus" | "or" | "and" | "not" | "end" }
    | { type: "field"; name: string; operator: Operator | undefined }
    | { type: "text"; value: string; isQuoted: boolean }
  );

const KEYWORDS = new Map([
  ["OR", "or"],
  ["AND", "and"],
  ["NOT", "not"],
] as const);
const SPACE = /[\s\p{Cc}\u00a0\ufeff]/u;
const FIELD = /^[A-Za-z_][\w.-]*:/;

/** Bare words end at a space, a bracket or a quote. */
export const endsWord = (character: string): boolean => SPACE.test(character) || '()"'.includes(character);

/** Reads one piece after another. What stands after a field's colon is a value, whatever it begins with. */
export class Scanner {
  readonly faults: QueryFault[] = [];
  private at = 0;
  private afterField = false;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  next(): Token {
    const isValue = this.afterField && !this.isSpace();
    this.afterField = false;
    while (this.isSpace()) this.at += 1;
    const start = this.at;
    const character = this.text[start];
    if (character === undefined) return { type: "end", start, end: start };
    if (character === "(" || character === ")") return this.mark(character === "(" ? "open" : "close");
    if (character === '"') return this.quoted(start);
    if (!isValue && character === "-") return this.mark("minus");
    return this.word(start, isValue);
  }

  private isSpace(): boolean {
    const character = this.text[this.at];
    return character !== undefined && SPACE.test(character);
  }

  private mark(type: "open" | "close" | "minus"): Token {
    const start = this.at;
    this.at += 1;
    return { type, start, end: this.at };
  }

  private word(start: number, isValue: boolean): Token {
    const field = isValue ? undefined : FIELD.exec(this.text.slice(start, start + 256))?.[0];
    if (field) return this.field(start, field);
    while (this.at < this.text.length && !endsWord(this.text[this.at] ?? "")) this.at += 1;
    const value = this.text.slice(start, this.at);
    const keyword = isValue ? undefined : KEYWORDS.get(value as "OR");
    if (keyword) return { type: keyword, start, end: this.at };
    return { type: "text", value, isQuoted: false, start, end: this.at };
  }

  private field(start: number, written: string): Token {
    this.at = start + written.length;
    const operator = OPERATORS.find((one) => this.text.startsWith(one, this.at));
    this.at += operator?.length ?? 0;
    this.afterField = true;
    return { type: "field", name: written.slice(0, -1), operator, start, end: this.at };
  }

  /** Inside quotes a backslash takes the next character as it is. */
  private quoted(start: number): Token {
    let value = "";
    for (this.at = start + 1; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at];
      if (character === '"') {
        this.at += 1;
        return { type: "text", value, isQuoted: true, start, end: this.at };
      }
      if (character === "\\" && this.at + 1 < this.text.length) this.at += 1;
      value += this.text[this.at];
    }
    this.faults.push({ start, end: this.text.length, message: 'This quote has no end: put a " behind the value.' });
    return { type: "text", value, isQuoted: true, start, end: this.text.length };
  }
}
