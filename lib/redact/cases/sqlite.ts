import type { HardCases } from "./hard-cases.ts";

export const SQLITE: readonly HardCases[] = [
  {
    dialects: ["sqlite"],
    cases: [
      [
        'SELECT [a\'b], `c`, "Q" FROM t WHERE d = ?1 AND e = :a AND f = @b AND g = $c',
        "SELECT [a'b], `c`, 'literal_string' FROM t WHERE d = ?1 AND e = :a AND f = @b AND g = $c",
      ],
      ["SELECT $a('Q'), :b(Z)", "SELECT 'literal_string'"],
      ["SELECT x::numeric(10,2), ?, ?70", "SELECT x::numeric(§,§), ?, ?70"],
      ["SELECT a /* Q", "SELECT a /* comment */"],
      ["SELECT X'70', 7_070, a -> '$.Q'", "SELECT 'literal_string', §, a -> 'literal_string'"],
      ["SELECT a -- Q\rZ\n, b", "SELECT a /* comment */\n, b"],
      ["ATTACH 'Q' AS x KEY 'Z'", "ATTACH 'literal_string' AS x KEY 'literal_string'"],
      ["SELECT [a]]b, 'Q'", "SELECT [a]]b, 'literal_string'"],
    ],
  },
];
