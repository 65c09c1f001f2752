import type { Reading } from "../reading.ts";
import { STRING } from "./quotes.ts";
import { STANDARD } from "./standard.ts";

const DELIMITED = { ...STRING, delimited: true };

/** Oracle: SQL Language Reference, "Literals" (`q'[…]'`), "Comments", hints. No dialect of ours, but one that may be unknown. */
const oracle: Reading = {
  ...STANDARD,
  prefixes: { "n'": STRING, "q'": DELIMITED, "nq'": DELIMITED },
  nameParts: "$#",
  parameters: ":",
  blockComment: "flat",
  codeComments: ["+"],
};

export const ORACLE: readonly Reading[] = [oracle];
