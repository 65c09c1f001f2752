import type { Expression, QueryFault, Span } from "./ast";
import { Scanner, type Token } from "./scan";

/** Characters of a query, and how deep its brackets may go: far more than anybody writes. */
export const QUERY_LENGTH_MAX = 8_192;
const DEPTH_MAX = 32;
/** Comparisons and words of one query. */
export const LEAVES_MAX = 256;
const FAULTS_MAX = 20;

export interface ParsedQuery {
  /** Undefined: nothing is asked for, or what is cannot be read. */
  expression: Expression | undefined;
  /** Where each part stands. */
  places: ReadonlyMap<Expression, Span>;
  /** In the order of the text. None: the query is well formed. */
  faults: QueryFault[];
}

/** Parts beside one another are one; a part alone is itself. */
function group(type: "all" | "any", parts: readonly Expression[]): Expression | undefined {
  const of = parts.flatMap((part) => (part.type === type ? part.of : [part]));
  return of.length > 1 ? { type, of } : of[0];
}

class Parser {
  readonly places = new Map<Expression, Span>();
  readonly faults: QueryFault[] = [];
  private readonly scanner: Scanner;
  private token: Token;
  private leaves = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
    this.token = this.scanner.next();
  }

  parse(): Expression | undefined {
    const found = [this.any(0)];
    while (this.token.type === "close") {
      this.fault(this.token, "There is no ( for this ).");
      this.step();
      found.push(this.any(0));
    }
    this.faults.push(...this.scanner.faults);
    return group(
      "all",
      found.filter((part) => part !== undefined),
    );
  }

  private step(): Token {
    const token = this.token;
    this.token = this.scanner.next();
    return token;
  }

  private stepOver(type: Token["type"]): boolean {
    if (this.token.type !== type) return false;
    this.step();
    return true;
  }

  private fault({ start, end }: Span, message: string): void {
    this.faults.push({ start, end: Math.max(end, start), message });
  }

  private put<E extends Expression>(expression: E, { start }: Span, { end }: Span): E {
    this.places.set(expression, { start, end });
    return expression;
  }

  /** `a OR b`. */
  private any(depth: number): Expression | undefined {
    const first = this.token;
    const parts = [this.all(depth)];
    while (this.token.type === "or") {
      const or = this.step();
      const part = this.all(depth);
      if (!parts.at(-1) || !part) this.fault(or, "OR stands between two conditions: `a OR b`.");
      parts.push(part);
    }
    const found = parts.filter((part) => part !== undefined);
    const whole = group("any", found);
    return whole && found.length > 1 ? this.put(whole, first, this.token) : whole;
  }

  /** `a b`, `a AND b`. */
  private all(depth: number): Expression | undefined {
    const first = this.token;
    const parts: Expression[] = [];
    for (;;) {
      const { type } = this.token;
      if (type === "end" || type === "close" || type === "or") break;
      if (type === "and") {
        const and = this.step();
        const { type: next } = this.token;
        if (parts.length === 0 || ["end", "close", "or", "and"].includes(next))
          this.fault(and, "AND stands between two conditions: `a AND b`.");
        continue;
      }
      const part = this.one(depth);
      if (part) parts.push(part);
    }
    const whole = group("all", parts);
    return whole && parts.length > 1 ? this.put(whole, first, this.token) : whole;
  }

  private one(depth: number): Expression | undefined {
    const token = this.step();
    if (depth >= DEPTH_MAX) {
      this.fault(token, `Brackets and negations may be ${DEPTH_MAX} deep.`);
      return undefined;
    }
    if (token.type === "minus" || token.type === "not") return this.not(token, depth);
    if (token.type === "open") return this.bracket(token, depth);
    if (token.type === "field") return this.comparison(token, depth);
    if (token.type !== "text") return undefined;
    return this.leaf({ type: "words", value: token.value }, token, token);
  }

  private not(sign: Token, depth: number): Expression | undefined {
    const { type } = this.token;
    if (type === "end" || type === "close" || type === "or" || type === "and") {
      this.fault(sign, "There is nothing to leave out behind this.");
      return undefined;
    }
    const of = this.one(depth + 1);
    if (!of) return undefined;
    // Twice is not at all.
    return of.type === "not" ? of.of : this.put({ type: "not", of }, sign, this.places.get(of) ?? sign);
  }

  private bracket(open: Token, depth: number): Expression | undefined {
    const inside = this.any(depth + 1);
    if (!inside) this.fault({ start: open.start, end: this.token.end }, "There is nothing in these brackets.");
    if (!this.stepOver("close")) this.fault(open, "There is no ) for this (.");
    return inside;
  }

  private comparison(field: Token & { type: "field" }, depth: number): Expression | undefined {
    const { name, operator = "=" } = field;
    if (this.token.type === "open" && this.token.start === field.end) return this.choice(field, depth);
    if (this.token.type !== "text" || this.token.start !== field.end) {
      this.fault(field, `Put a value right behind the colon, such as ${name}:value or ${name}:"two words".`);
      return undefined;
    }
    const value = this.step() as Token & { type: "text" };
    return this.leaf({ type: "comparison", field: name, operator, value: value.value }, field, value);
  }

  /** `field:(a OR b)` is `(field:a OR field:b)`. */
  private choice(field: Token & { type: "field" }, depth: number): Expression | undefined {
    const open = this.step();
    const { name, operator = "=" } = field;
    const found: Expression[] = [];
    for (let token = this.token; token.type === "text"; token = this.token) {
      this.step();
      const made = this.leaf({ type: "comparison", field: name, operator, value: token.value }, token, token);
      if (made) found.push(made);
      const between = this.token;
      if (between.type === "or") this.step();
      else if (between.type === "text") this.fault(between, `Put OR between the values: ${name}:(a OR b).`);
    }
    const whole = found.length > 1 ? this.put({ type: "any", of: found }, field, this.token) : found[0];
    if (!whole && this.token.type === "close") this.fault(open, `Put values into the brackets: ${name}:(a OR b).`);
    if (!this.stepOver("close")) {
      this.fault(
        this.token.type === "end" ? open : this.token,
        `Only values with OR between them may stand here, and a ) at the end.`,
      );
      // Read on as a bracket, so that what follows is not taken for the next condition.
      this.any(depth + 1);
      this.stepOver("close");
    }
    return whole;
  }

  private leaf<E extends Expression>(leaf: E, first: Span, last: Span): E | undefined {
    this.leaves += 1;
    if (this.leaves === LEAVES_MAX + 1) this.fault(first, `A query has ${LEAVES_MAX} conditions at most.`);
    return this.leaves > LEAVES_MAX ? undefined : this.put(leaf, first, last);
  }
}

/** Reads a query. Never throws: what is wrong is in `faults`, each with its place, and the rest is read as far as it goes. */
export function parseQuery(text: string): ParsedQuery {
  if (text.length > QUERY_LENGTH_MAX) {
    const message = `A query has ${QUERY_LENGTH_MAX} characters at most.`;
    return {
      expression: undefined,
      places: new Map(),
      faults: [{ start: QUERY_LENGTH_MAX, end: text.length, message }],
    };
  }
  const parser = new Parser(text);
  const expression = parser.parse();
  const faults = parser.faults.sort((a, b) => a.start - b.start).slice(0, FAULTS_MAX);
  return { expression, places: parser.places, faults };
}
