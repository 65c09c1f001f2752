import type { Comparison, Expression } from "./ast";
import { endsWord } from "./scan";

const inQuotes = (value: string) => `"${value.replace(/[\\"]/g, "\\$&")}"`;

const isBare = (value: string) => value !== "" && ![...value].some(endsWord);

/** Could be taken for something else than a word: an operator, a field, a negation, an end of a bracket. */
const isWord = (value: string) =>
  isBare(value) && !/^(OR|AND|NOT)$/.test(value) && !value.startsWith("-") && !/^[A-Za-z_][\w.-]*:/.test(value);

/** A value that begins like an operator would be read as one. */
const isValue = (value: string) => isBare(value) && !/^[<>=]/.test(value);

function printComparison({ field, operator, value }: Comparison): string {
  return `${field}:${operator === "=" ? "" : operator}${isValue(value) ? value : inQuotes(value)}`;
}

function printPart(part: Expression): string {
  return part.type === "any" || part.type === "all" ? `(${printQuery(part)})` : printQuery(part);
}

/** The query as text; `parseQuery` makes the same tree of it. @param expression undefined: everything, the empty text */
export function printQuery(expression: Expression | undefined): string {
  switch (expression?.type) {
    case undefined:
      return "";
    case "all":
      return expression.of.map(printPart).join(" ");
    case "any":
      return expression.of
        .map((part) => (part.type === "any" ? `(${printQuery(part)})` : printQuery(part)))
        .join(" OR ");
    case "not":
      return `-${printPart(expression.of)}`;
    case "comparison":
      return printComparison(expression);
    case "words":
      return isWord(expression.value) ? expression.value : inQuotes(expression.value);
  }
}
