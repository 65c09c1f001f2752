import type { HardCases } from "./hard-cases.ts";

export const DATABRICKS: readonly HardCases[] = [
  {
    dialects: ["databricks"],
    cases: [
      ["SELECT r'Q\\', 'Z', \"Q\", `a``b`, 70L, 7.7BD", "SELECT 'literal_string'"],
      ["SELECT R\"Q'Z\", 'Q\\'Z'", "SELECT 'literal_string', 'literal_string'"],
      ["SELECT a -- Q\\\n Z\n, b", "SELECT a 'literal_string'"],
      ["SELECT /*+ BROADCAST(t) */ a, /* Q /* Z */ Q */ b", "SELECT /* comment */ a, 'literal_string'"],
      ["SELECT /*+ X('*/ Q') */ a", "SELECT 'literal_string'"],
      ["SELECT c:a.b[70], :p, ?, {a} FROM t VERSION AS OF 70", "SELECT c:a.b[§], :p, ?, {a} FROM t VERSION AS OF §"],
      [
        "SELECT a FROM delta.`/mnt/t` WHERE d = DATE'7070-07-07'",
        "SELECT a FROM delta.`/mnt/t` WHERE d = DATE 'literal_string'",
      ],
      ["SELECT X'70', a ->> 'Q'", "SELECT 'literal_string', a ->> 'literal_string'"],
      [
        "CREATE FUNCTION f(x INT) RETURNS INT LANGUAGE PYTHON AS $$\n# Q's\nreturn 'Z'\n$$",
        "CREATE FUNCTION f(x INT) RETURNS INT LANGUAGE PYTHON AS 'literal_string'",
      ],
      ["SELECT /* a /*+ b */ 'Q */ Z'", "SELECT 'literal_string'"],
    ],
  },
];
