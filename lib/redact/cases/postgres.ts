import type { HardCases } from "./hard-cases.ts";

export const POSTGRES: readonly HardCases[] = [
  {
    dialects: ["postgres", "redshift"],
    cases: [
      [
        "SELECT E'Q\\'Z', 'a', e'\\\\', 'Z'",
        "SELECT 'literal_string', 'literal_string', 'literal_string', 'literal_string'",
      ],
      ["SELECT E'Q'\n'\\'Z' , 'Q'", "SELECT 'literal_string' , 'literal_string'"],
      ["SELECT E'Q' -- c\n'\\'Z'", "SELECT 'literal_string'"],
      ["SELECT 'Q' -- c\n 'Z'", "SELECT 'literal_string'"],
      ["SELECT 'C:\\', 'Z'", "SELECT 'literal_string'"],
      ["SELECT $tag$Q $$ ' Z$tag$, $$Q$$, $1, $2::int", "SELECT 'literal_string', 'literal_string', $1, $2::int"],
      ["DO $do$ BEGIN PERFORM 'Q'; EXECUTE $x$Z$x$; END $do$ LANGUAGE plpgsql", "DO 'literal_string' LANGUAGE plpgsql"],
      ["SELECT a$b$c, x$1 FROM t$", "SELECT a$b$c, x$1 FROM t$"],
      ["SELECT $a$Q", "SELECT 'literal_string'"],
      ["SELECT 7$$Q Z$$", "SELECT 'literal_string'"],
      ["SELECT 7E'\\'Q', 'Z'", "SELECT 'literal_string'"],
      ["SELECT $12.70, $123456, $7", "SELECT §, §, $7"],
      [
        "SELECT j->>'Q', j#>>'{Q,Z}', j @> '{\"Q\": 70}', a['Q'], a[70:71]",
        "SELECT j->>'literal_string', j#>>'literal_string', j @> 'literal_string', a['literal_string'], a[§:§]",
      ],
      [
        "SELECT U&'\\0051Q' UESCAPE '!', U&\"data\", B'0101', X'70'",
        "SELECT 'literal_string' UESCAPE 'literal_string', U&\"data\", 'literal_string', 'literal_string'",
      ],
      [
        'SELECT "Order Details"."it\'s" FROM "t 2" WHERE x = \'Q\'',
        'SELECT "Order Details"."it\'s" FROM "t 2" WHERE x = \'literal_string\'',
      ],
      ["SELECT /* Q /* Z */ Q */ a, /* ' */ 'Q'", "SELECT /* comment */ a, /* comment */ 'literal_string'"],
      ["SELECT a --Q\r, b --Z\r\n, c", "SELECT a /* comment */\r, b /* comment */\r\n, c"],
      ["SELECT 5 `-- QZ", "SELECT § `/* comment */"],
      ["SELECT a::numeric(10,2), now() - interval '70 Q'", "SELECT a::numeric(§,§), now() - interval 'literal_string'"],
      ["SELECT X'70''Q\\'Z'", "SELECT 'literal_string'"],
      [
        "CREATE FUNCTION f(int) RETURNS int AS 'select 70 + $1' LANGUAGE sql",
        "CREATE FUNCTION f(int) RETURNS int AS 'literal_string' LANGUAGE sql",
      ],
      [
        "SELECT a FROM t WHERE b ~* '^Q' AND c <> ALL(ARRAY['Q','Z'])",
        "SELECT a FROM t WHERE b ~* 'literal_string' AND c <> ALL(ARRAY['literal_string','literal_string'])",
      ],
      ["PREPARE p (text) AS SELECT $1; EXECUTE p('QZ')", "PREPARE p (text) AS SELECT $1; EXECUTE p('literal_string')"],
      [
        "SET standard_conforming_strings = off; SELECT 'Q\\'Z'",
        "SET standard_conforming_strings = off; SELECT 'literal_string'",
      ],
      [
        "SELECT a FROM t1, t2 WHERE t1.id = t2.id FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t1, t2 WHERE t1.id = t2.id FOR UPDATE SKIP LOCKED",
      ],
      ['SELECT "QZ', "SELECT 'literal_string'"],
    ],
  },
];
