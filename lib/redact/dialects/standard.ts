import type { Reading } from "../reading.ts";
import { NAME, STRING } from "./quotes.ts";

/** SQL as the standard has it: what a dialect does not say otherwise. */
export const STANDARD: Reading = {
  quotes: { "'": STRING, '"': NAME },
  prefixes: { "n'": STRING, "x'": STRING, "b'": STRING },
  introducers: false,
  nameParts: "$",
  dollar: "punctuation",
  parameters: "",
  operators: "",
  dashNeedsSpace: false,
  hashComment: false,
  slashComment: false,
  lineEnd: "not known",
  lineContinues: false,
  blockComment: "flat",
  openComment: false,
  codeComments: [],
  onlyWith: "",
  tclVariables: false,
};
