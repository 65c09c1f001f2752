import type { HardCases } from "./hard-cases.ts";

export const COMMON: readonly HardCases[] = [
  {
    dialects: ["postgres", "redshift", "mysql", "snowflake", "bigquery", "tsql", "databricks", "sqlite", "unknown"],
    cases: [
      [
        "SELECT id, t.name FROM t_2024 AS t WHERE t.ssn = '70-70-QZ' AND n > 7070",
        "SELECT id, t.name FROM t_2024 AS t WHERE t.ssn = 'literal_string' AND n > §",
      ],
      [
        "INSERT INTO t (a, b) VALUES (70, 'Q'), (71, 'Z');",
        "INSERT INTO t (a, b) VALUES (§, 'literal_string'), (§, 'literal_string');",
      ],
      [
        "UPDATE t SET a = -70.70, b = NULL WHERE c IN ('Q', 'Z', 7e70)",
        "UPDATE t SET a = -§, b = NULL WHERE c IN ('literal_string', 'literal_string', §)",
      ],
      [
        "SELECT CASE WHEN a <= 70 THEN 'Q' ELSE 'it''s Z' END",
        "SELECT CASE WHEN a <= § THEN 'literal_string' ELSE 'literal_string' END",
      ],
      ["SELECT /* QZ */ a -- QZ\nFROM b", "SELECT /* comment */ a /* comment */\nFROM b"],
      ["SELECT 'Q' 'Z'", "SELECT 'literal_string'"],
      [
        "SELECT CAST('Q' AS VARCHAR(255)), b LIMIT 70 OFFSET 7070",
        "SELECT CAST('literal_string' AS VARCHAR(§)), b LIMIT § OFFSET §",
      ],
      ["SELECT DATE '7070-07-07', INTERVAL '70 Q'", "SELECT DATE 'literal_string', INTERVAL 'literal_string'"],
      ["SELECT a FROM b WHERE c = 'Q", "SELECT a FROM b WHERE c = 'literal_string'"],
      ["SELECT a -- QZ", "SELECT a /* comment */"],
      ["SELECT a FROM b WHERE c = \u2018QZ\u2019 AND d = 'Z'", "SELECT a FROM b WHERE c = 'literal_string'"],
      ["SELECT a,\u00a0'QZ' FROM b", "SELECT a,'literal_string'"],
      ["\ufeffSELECT 'QZ'", "'literal_string'"],
      ["SELECT a\u2028, 'QZ'", "SELECT a 'literal_string'"],
      ["SELECT €70.70, £QZ", "SELECT 'literal_string'"],
      ["SELECT größe, 名前 FROM 表 WHERE 名 = '秘Q'", "SELECT größe, 名前 FROM 表 WHERE 名 = 'literal_string'"],
      ["SELECT a FROM b WHERE c = ٧٠٧٠", "SELECT a FROM b WHERE c = §"],
      ["SELECT a FROM b WHERE c = ７０QZ", "SELECT a FROM b WHERE c = §"],
      ["SELECT \\'QZ\\'", "SELECT 'literal_string'"],
      ["SELECT a\u0000'QZ'", "SELECT a 'literal_string'"],
      ["SELECT a FROM b;SELECT 'Q';;SELECT 'Z'", "SELECT a FROM b;SELECT 'literal_string';;SELECT 'literal_string'"],
      ["ALTER USER x PASSWORD QZQZ; SELECT 'Q'", "ALTER USER x PASSWORD 'literal_string'; SELECT 'literal_string'"],
      ["CREATE USER x IDENTIFIED BY QZ-QZ_QZ", "CREATE USER x IDENTIFIED BY 'literal_string'"],
      [
        "CREATE USER x IDENTIFIED\n BY /* c */ QZ.Q!Z, y",
        "CREATE USER x IDENTIFIED\n BY /* comment */ 'literal_string', y",
      ],
      ["SET secret = QZQZ", "SET secret = 'literal_string'"],
      [
        "COPY t FROM 'Q' CREDENTIALS = (aws_key_id = QZQZ aws_secret_key = QZ/QZ+Q)",
        "COPY t FROM 'literal_string' CREDENTIALS = (aws_key_id = 'literal_string' aws_secret_key = 'literal_string')",
      ],
      [
        "SELECT password, token FROM users WHERE password IS NOT NULL AND token = md5(a)",
        "SELECT password, token FROM users WHERE password IS NOT NULL AND token = md5(a)",
      ],
      [
        "CREATE TABLE t (password varchar(70) NOT NULL, secret text)",
        "CREATE TABLE t (password varchar(§) NOT NULL, secret text)",
      ],
      ["COPY t (a, b) FROM stdin;\nQ\tZ\n70\t70\n\\.", "COPY t (a, b) FROM stdin;\n'literal_string'"],
      ["COPY t FROM STDIN WITH (FORMAT csv);Q,Z", "COPY t FROM STDIN WITH (FORMAT csv);'literal_string'"],
      ["SELECT 70+70-70*70/70%70", "SELECT §+§-§*§/§%§"],
      ["SELECT f(70,70)(70)", "SELECT f(§,§)(§)"],
      ["SELECT x.70, .70, 70., 7..7, 7.e70", "SELECT x §, §, §, §, §"],
      ["SELECT 70a, 70_a, 0xQZ, 0b0101, 1e-70, 1e+70", "SELECT §, §, §, §, §, §"],
      ["GRANT SELECT ON t TO role_admin", "GRANT SELECT ON t TO role_admin"],
      [
        "WITH r AS (SELECT 70 AS n UNION ALL SELECT n + 70 FROM r) SELECT * FROM r",
        "WITH r AS (SELECT § AS n UNION ALL SELECT n + § FROM r) SELECT * FROM r",
      ],
      [
        "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET x = 'Q'",
        "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET x = 'literal_string'",
      ],
      [
        "SELECT '--Q', '/*', 'Z', '*/'",
        "SELECT 'literal_string', 'literal_string', 'literal_string', 'literal_string'",
      ],
      ["ALTER USER x PASSWORD \"Q Z\"; SELECT 'Q'", "ALTER USER x PASSWORD 'literal_string'; SELECT 'literal_string'"],
    ],
  },
  {
    dialects: ["postgres", "redshift", "mysql", "snowflake", "bigquery", "tsql", "databricks", "unknown"],
    cases: [["SELECT a FROM b /* QZ", "SELECT a FROM b 'literal_string'"]],
  },
  {
    dialects: ["postgres", "redshift", "mysql", "snowflake", "tsql", "databricks", "sqlite"],
    cases: [
      [
        "SELECT '' , '''' , '''Q''' , 'Z'''''",
        "SELECT 'literal_string' , 'literal_string' , 'literal_string' , 'literal_string'",
      ],
    ],
  },
  {
    dialects: ["unknown"],
    cases: [
      ["SELECT q'[it's Q]', nq'{Z'}' FROM a", "SELECT 'literal_string' FROM a"],
      ["SELECT q'!it's Q!' FROM a", "SELECT 'literal_string'"],
      [
        "SELECT \"a\", `b`, [c] FROM t WHERE d = 'Q'",
        "SELECT 'literal_string', `b`, [c] FROM t WHERE d = 'literal_string'",
      ],
      [
        "SELECT a, b.c FROM d JOIN e ON d.id = e.id WHERE f = ? AND g BETWEEN 70 AND 7070 ORDER BY 1 DESC",
        "SELECT a, b.c FROM d JOIN e ON d.id = e.id WHERE f = ? AND g BETWEEN § AND § ORDER BY § DESC",
      ],
    ],
  },
];
