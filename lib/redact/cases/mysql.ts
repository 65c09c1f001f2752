import type { HardCases } from "./hard-cases.ts";

export const MYSQL: readonly HardCases[] = [
  {
    dialects: ["mysql"],
    cases: [
      [
        "SELECT `it's`.`a``b` FROM `t` WHERE a = \"Q\" AND b = 'Z'",
        "SELECT `it's`.`a``b` FROM `t` WHERE a = 'literal_string' AND b = 'literal_string'",
      ],
      ["SELECT \"Q\\\"Z\", 'a\\'Q'", "SELECT 'literal_string'"],
      ['SELECT "Q#Z" # Q\'Z\nFROM a', "SELECT 'literal_string' /* comment */\nFROM a"],
      ["SELECT a--70, b -- Q\n", "SELECT a--§, b /* comment */\n"],
      ["SELECT a --\tQ\n, b", "SELECT a /* comment */\n, b"],
      [
        "SELECT /*!40001 SQL_NO_CACHE */ a FROM b WHERE c = 'Q'",
        "SELECT /* comment */ a FROM b WHERE c = 'literal_string'",
      ],
      ["SELECT /*! 'Q*/ Z' */ a", "SELECT 'literal_string'"],
      ["SELECT /*M!100100 a */ b, /*+ NO_INDEX_MERGE(t) */ c", "SELECT /* comment */ b, /* comment */ c"],
      [
        "SELECT _utf8mb4'Q', _binary 'Z', N'Q', x'70', b'01'",
        "SELECT 'literal_string', _binary 'literal_string', 'literal_string', 'literal_string', 'literal_string'",
      ],
      ["SELECT @a, @@global.b, @'QZ', ?, a := 70", "SELECT @a, @@global.b, @'literal_string', ?, a := §"],
      ["SELECT * FROM t -- Q\rZ\n WHERE a = 'Q'", "SELECT * FROM t /* comment */\n WHERE a = 'literal_string'"],
      [
        "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $$ return 'Q' + Z $$",
        "CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS 'literal_string'",
      ],
      ["SELECT a->'$.Q', a->>\"$.Z\" FROM $t", "SELECT a->'literal_string', a->>'literal_string' FROM $t"],
      ["CALL p({d '7070-07-07'}, {ts 'Q'})", "CALL p({d 'literal_string'}, {ts 'literal_string'})"],
      [
        "LOAD DATA INFILE 'Q' INTO TABLE t FIELDS TERMINATED BY '\\t'",
        "LOAD DATA INFILE 'literal_string' INTO TABLE t FIELDS TERMINATED BY 'literal_string'",
      ],
      ["SELECT 'Q\\\\', 'Z'", "SELECT 'literal_string', 'literal_string'"],
      ["SELECT \\N, 'Q'", "SELECT 'literal_string'"],
      ["SELECT 2fa, 7a FROM 2t", "SELECT §, § FROM §"],
    ],
  },
];
