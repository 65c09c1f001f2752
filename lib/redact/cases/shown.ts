import { type Spans, TokenClass } from "../spans.ts";

/** A token by another lexer: where it begins and ends in the text, in UTF-16 units. */
export interface Foreign {
  readonly start: number;
  readonly end: number;
}

/** The foreign tokens of a text of which the spans show a part. */
export function partlyShown<T extends Foreign>(text: string, tokens: readonly T[], spans: Spans): T[] {
  const hidden = new Uint8Array(text.length);
  for (let at = 0; at < spans.length; at += 3) {
    if (spans[at + 2] !== TokenClass.name) hidden.fill(1, spans[at], spans[at + 1]);
  }
  return tokens.filter(({ start, end }) => hidden.subarray(start, end).includes(0));
}
