import type { HardCases } from "./hard-cases.ts";

export const BIGQUERY: readonly HardCases[] = [
  {
    dialects: ["bigquery"],
    cases: [
      [
        "SELECT `p-1.d.t`.a, r'Q\\'Z', b\"Q\", '''Q'Z''' FROM `p.d.t`",
        "SELECT `p-1.d.t`.a, 'literal_string', 'literal_string', 'literal_string' FROM `p.d.t`",
      ],
      [
        'SELECT "Q", \'Z\', """Q"Z\n""" # Q\n',
        "SELECT 'literal_string', 'literal_string', 'literal_string' /* comment */\n",
      ],
      [
        "SELECT @p, ?, @@sys, STRUCT<a STRING>(70), [70, 71][OFFSET(0)]",
        "SELECT @p, ?, @@sys, STRUCT<a STRING>(§), [§, §][OFFSET(§)]",
      ],
      ["SELECT 'Q\nZ', 'Q'", "SELECT 'literal_string'"],
      ["SELECT `a\\`b`, 'Q'", "SELECT `a\\`b`, 'literal_string'"],
      ["SELECT rb'''Q\\'''Z''', Rb\"Q\"", "SELECT 'literal_string', 'literal_string'"],
      ["SELECT a FROM t$70707070", "SELECT a FROM t §"],
      [
        "SELECT DATE '7070-07-07', TIMESTAMP \"Q\", NUMERIC '70.70', JSON '{\"Q\": 70}'",
        "SELECT DATE 'literal_string', TIMESTAMP 'literal_string', NUMERIC 'literal_string', JSON 'literal_string'",
      ],
      ["SELECT a # Q\r, 'Z'", "SELECT a 'literal_string'"],
      ['SELECT "it\'s", "Q\\"Z"', "SELECT 'literal_string', 'literal_string'"],
    ],
  },
];
