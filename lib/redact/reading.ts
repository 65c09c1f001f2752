/** How a quoted token goes on and where it ends. */
export interface Quote {
  /** The character that ends it. */
  readonly close: string;
  /** An identifier, which is shown; else a string, which is hidden. */
  readonly shows: boolean;
  /** A backslash takes the next character with it. */
  readonly backslash: boolean;
  /** The closing character twice stands for itself. */
  readonly doubled: boolean;
  /** Three in a row open a string that three in a row end. */
  readonly triple: boolean;
  /** A line break inside is an error of the language. */
  readonly oneLine: boolean;
  /** Oracle's `q'[…]'`: the character behind the quote, or its counterpart, and a quote end it. */
  readonly delimited: boolean;
  /** PostgreSQL: goes on, in the same state, after white space with a line break in it. */
  readonly continued: boolean;
}

/**
 * How one lexer reads a text, as data. A dialect is a set of readings, since settings that we do not see
 * (`standard_conforming_strings`, `sql_mode`) decide where a literal ends.
 */
export interface Reading {
  /** Quoted tokens by their opening character. */
  readonly quotes: Readonly<Record<string, Quote>>;
  /** Quoted tokens with a prefix, by prefix in lower case and quote: `e'`. */
  readonly prefixes: Readonly<Record<string, Quote>>;
  /** MySQL's `_utf8mb4'…'`. */
  readonly introducers: boolean;
  /** What a name may hold beyond letters, digits and `_`. */
  readonly nameParts: string;
  /**
   * What `$` begins: a string `$tag$…$tag$`, a string `$$…$$`, money, a name; or nothing but itself. MySQL 9 made strings of
   * what were names (`name or string`): where both are possible the rest is hidden.
   */
  readonly dollar: "tagged string" | "plain string" | "money" | "name or string" | "punctuation";
  /** After which of `$ : ? @` up to five digits are the number of a parameter, and shown. */
  readonly parameters: string;
  /** Punctuation that other dialects do not know. */
  readonly operators: string;
  /** `--` opens a comment only before white space. */
  readonly dashNeedsSpace: boolean;
  readonly hashComment: boolean;
  readonly slashComment: boolean;
  /**
   * What ends a line comment: a line feed, that or a carriage return; or it is not known whether a carriage return does, and
   * the rest is hidden: a wrong guess would show the next string.
   */
  readonly lineEnd: "line feed" | "either" | "not known";
  /** A backslash before the line break may carry the comment on. */
  readonly lineContinues: boolean;
  readonly blockComment: "flat" | "nested" | "not known";
  /** The end of the text ends a block comment. */
  readonly openComment: boolean;
  /** What makes a block comment code after all: `/*!`, hints. */
  readonly codeComments: readonly string[];
  /** The characters without all of which a text is read as by another reading of the dialect: then it need not be tried. */
  readonly onlyWith: string;
  /** SQLite: a variable may end in `(…)` with anything inside. */
  readonly tclVariables: boolean;
}

/** What a character begins at the top level of a text. */
export const Kind = {
  unknown: 0,
  space: 1,
  name: 2,
  digit: 3,
  punctuation: 4,
  quote: 5,
  dollar: 6,
  dash: 7,
  slash: 8,
  hash: 9,
  marker: 10,
  brace: 11,
  dot: 12,
} as const;

export interface CompiledReading extends Reading {
  /** The kind of each ASCII character. */
  readonly kinds: Uint8Array;
  /** 1 for each ASCII character that goes on a name. */
  readonly inName: Uint8Array;
  /** 1 for each ASCII character that goes on a number. */
  readonly inNumber: Uint8Array;
  readonly quoteOf: readonly (Quote | undefined)[];
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";

/** Control characters, the vertical tab (white space to some only) and the backslash are in no entry: unknown. */
const KIND_OF: readonly (readonly [string, number])[] = [
  [" \t\n\r\f", Kind.space],
  [`${LETTERS}_`, Kind.name],
  [DIGITS, Kind.digit],
  ["!%&()*+,;<=>[]^|~#@?:", Kind.punctuation],
  ["{}", Kind.brace],
  ["$", Kind.dollar],
  ["-", Kind.dash],
  ["/", Kind.slash],
  ["?:", Kind.marker],
  [".", Kind.dot],
];

/** The tables by which the scanner reads; made once a reading, when the module loads. */
export function compile(reading: Reading): CompiledReading {
  const kinds = new Uint8Array(128);
  const mark = (characters: string, kind: number) => {
    for (const character of characters) kinds[character.charCodeAt(0)] = kind;
  };
  for (const [characters, kind] of KIND_OF) mark(characters, kind);
  mark(reading.nameParts.replaceAll("$", ""), Kind.name);
  mark(reading.operators, Kind.punctuation);
  if (reading.hashComment) mark("#", Kind.hash);
  if (reading.tclVariables) mark("@#", Kind.marker);
  if (reading.parameters.includes("@")) mark("@", Kind.marker);
  mark(Object.keys(reading.quotes).join(""), Kind.quote);

  const quoteOf: (Quote | undefined)[] = new Array(128).fill(undefined);
  for (const [open, quote] of Object.entries(reading.quotes)) quoteOf[open.charCodeAt(0)] = quote;
  const dollarOpens = reading.dollar.endsWith("string");
  return {
    ...reading,
    kinds,
    quoteOf,
    inName: members(`${LETTERS}${DIGITS}_${reading.nameParts}`),
    inNumber: members(`${LETTERS}${DIGITS}_.${dollarOpens ? "" : "$"}`),
  };
}

function members(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
