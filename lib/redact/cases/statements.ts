import type { HardCases } from "./hard-cases.ts";

/** Statements as people write them: each was read before its right side was put down. */
export const STATEMENTS: readonly HardCases[] = [
  {
    dialects: ["postgres", "redshift"],
    cases: [
      [
        "SELECT 'Q' || E'\\x51' || $$Z$$, a::int4, b::numeric(70,7)",
        "SELECT 'literal_string' || 'literal_string' || 'literal_string', a::int4, b::numeric(§,§)",
      ],
      [
        "SELECT a->>'Q', b#>>'{Q,70}', c @> '{\"Q\": 70}'::jsonb, d ? 'Q' FROM t",
        "SELECT a->>'literal_string', b#>>'literal_string', c @> 'literal_string'::jsonb, d ? 'literal_string' FROM t",
      ],
      [
        "SELECT ARRAY[70, 71]::int[], a[70:71], ROW(70, 'Q')",
        "SELECT ARRAY[§, §]::int[], a[§:§], ROW(§, 'literal_string')",
      ],
      [
        "PREPARE p (text, int) AS SELECT a FROM t WHERE b = $1 AND c = $2; EXECUTE p('Q', 70)",
        "PREPARE p (text, int) AS SELECT a FROM t WHERE b = $1 AND c = $2; EXECUTE p('literal_string', §)",
      ],
      ["DO $do$ BEGIN RAISE NOTICE 'Q %', 70; END $do$", "DO 'literal_string'"],
      [
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 70; /* $$ */ END $f$;",
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS 'literal_string';",
      ],
      [
        "SELECT a FROM t WHERE b ~ '^Q\\d+$' AND c LIKE 'Z!_%' ESCAPE '!'",
        "SELECT a FROM t WHERE b ~ 'literal_string' AND c LIKE 'literal_string' ESCAPE 'literal_string'",
      ],
      [
        "INSERT INTO t SELECT * FROM (VALUES (70, 'Q'), (71, E'\\\\')) v(a, b) ON CONFLICT (a) DO UPDATE SET b = 'Z'",
        "INSERT INTO t SELECT * FROM (VALUES (§, 'literal_string'), (§, 'literal_string')) v(a, b) ON CONFLICT (a) DO UPDATE SET b = 'literal_string'",
      ],
      [
        "SELECT a AT TIME zone 'Q/Z', b FROM t TABLESAMPLE SYSTEM (7.7) REPEATABLE (70)",
        "SELECT a AT TIME zone 'literal_string', b FROM t TABLESAMPLE SYSTEM (§) REPEATABLE (§)",
      ],
      [
        "SELECT U&\"dat\", U&'\\0051' UESCAPE '!' FROM t",
        "SELECT U&\"dat\", 'literal_string' UESCAPE 'literal_string' FROM t",
      ],
      ["LISTEN q1; NOTIFY q1, 'Q Z'", "LISTEN q1; NOTIFY q1, 'literal_string'"],
      ['SELECT 70 AS "a \'b", \'Q\' AS "c""d"', 'SELECT § AS "a \'b", \'literal_string\' AS "c""d"'],
      ["SET app.user = 'Q'; SET LOCAL x TO 70", "SET app.user = 'literal_string'; SET LOCAL x TO §"],
      [
        "ALTER ROLE x VALID UNTIL '7070-07-07' CONNECTION LIMIT 70 PASSWORD 'Q'",
        "ALTER ROLE x VALID UNTIL 'literal_string' CONNECTION LIMIT § PASSWORD 'literal_string'",
      ],
      [
        "COPY t FROM PROGRAM 'curl Q' WITH (FORMAT csv, DELIMITER E'\\t')",
        "COPY t FROM PROGRAM 'literal_string' WITH (FORMAT csv, DELIMITER 'literal_string')",
      ],
      ["SELECT 'Q'--c\n'Z'", "SELECT 'literal_string'"],
      ["SELECT $a$Q$b$Z$a$, 1", "SELECT 'literal_string', §"],
    ],
  },
  {
    dialects: ["mysql"],
    cases: [
      [
        "SELECT 'Q' COLLATE utf8mb4_bin, _binary 'Z', 0b0101, x'70', N'Q'",
        "SELECT 'literal_string' COLLATE utf8mb4_bin, _binary 'literal_string', §, 'literal_string', 'literal_string'",
      ],
      [
        'INSERT INTO t SET a = "Q\'Z", b = 70 ON DUPLICATE KEY UPDATE b = VALUES(b) + 70',
        "INSERT INTO t SET a = 'literal_string', b = § ON DUPLICATE KEY UPDATE b = VALUES(b) + §",
      ],
      [
        "SELECT a FROM t WHERE b = 'Q' LIMIT 70, 71 # Z",
        "SELECT a FROM t WHERE b = 'literal_string' LIMIT §, § /* comment */",
      ],
      ["SELECT @a := 70, @@global.x, @`b c` FROM t", "SELECT @a := §, @@global.x, @`b c` FROM t"],
      [
        "LOAD DATA INFILE 'Q' INTO TABLE t FIELDS TERMINATED BY '\\t' ENCLOSED BY '\"' LINES STARTING BY 'Z'",
        "LOAD DATA INFILE 'literal_string' INTO TABLE t FIELDS TERMINATED BY 'literal_string' ENCLOSED BY 'literal_string' LINES STARTING BY 'literal_string'",
      ],
      [
        "SELECT JSON_EXTRACT(a, '$.Q[70]'), a->'$.Z' FROM t",
        "SELECT JSON_EXTRACT(a, 'literal_string'), a->'literal_string' FROM t",
      ],
      ["SET PASSWORD FOR 'Q'@'Z' = 'Q'", "SET PASSWORD FOR 'literal_string'@'literal_string' = 'literal_string'"],
      ["SELECT /*+ MAX_EXECUTION_TIME(70) */ a FROM t", "SELECT /* comment */ a FROM t"],
      ["SELECT 'Q\\", "SELECT 'literal_string'"],
      [
        "SELECT a FROM `t` PARTITION (p0) WHERE b IN ('Q', \"Z\", 70)",
        "SELECT a FROM `t` PARTITION (p0) WHERE b IN ('literal_string', 'literal_string', §)",
      ],
      [
        "GRANT ALL ON *.* TO x IDENTIFIED BY 'Q' WITH max_queries_per_hour 70",
        "GRANT ALL ON *.* TO x IDENTIFIED BY 'literal_string' WITH max_queries_per_hour §",
      ],
    ],
  },
  {
    dialects: ["snowflake"],
    cases: [
      [
        "SELECT $1, $2:a.b, t.$3 FROM @stage/path (FILE_FORMAT => 'Q') t",
        "SELECT $1, $2:a.b, t.$3 FROM @stage/path (FILE_FORMAT => 'literal_string') t",
      ],
      [
        "COPY INTO t FROM 's3://Q/Z' CREDENTIALS = (AWS_KEY_ID = 'Q' AWS_SECRET_KEY = 'Z')",
        "COPY INTO t FROM 'literal_string' CREDENTIALS = (AWS_KEY_ID = 'literal_string' AWS_SECRET_KEY = 'literal_string')",
      ],
      [
        "SELECT PARSE_JSON('{\"Q\": 70}'):a::string, b[70], c['Q']",
        "SELECT PARSE_JSON('literal_string'):a::string, b[§], c['literal_string']",
      ],
      [
        "CREATE PROCEDURE p() RETURNS STRING LANGUAGE JAVASCRIPT AS $$ return 'Q' + \"Z\"; $$",
        "CREATE PROCEDURE p() RETURNS STRING LANGUAGE JAVASCRIPT AS 'literal_string'",
      ],
      [
        "SELECT a FROM t AT (OFFSET => -70) WHERE b ILIKE ANY ('Q%', '%Z')",
        "SELECT a FROM t AT (OFFSET => -§) WHERE b ILIKE ANY ('literal_string', 'literal_string')",
      ],
      ["SET v = 'Q'; SELECT $v, IDENTIFIER($v), &w", "SET v = 'literal_string'; SELECT $v, IDENTIFIER($v), &w"],
      ["SELECT 'Q''Z\\'', \"a\"\"b\" // 'Z'\n, 70", 'SELECT \'literal_string\', "a""b" /* comment */\n, §'],
      ["ALTER SESSION SET query_tag = 'Q Z'", "ALTER SESSION SET query_tag = 'literal_string'"],
      [
        "SELECT a FROM t qualify ROW_NUMBER() OVER (ORDER BY b) = 70",
        "SELECT a FROM t qualify ROW_NUMBER() OVER (ORDER BY b) = §",
      ],
    ],
  },
  {
    dialects: ["bigquery"],
    cases: [
      [
        "SELECT a FROM `p.d.t_*` WHERE _TABLE_SUFFIX BETWEEN '7070' AND '7171' AND b = @p",
        "SELECT a FROM `p.d.t_*` WHERE _TABLE_SUFFIX BETWEEN 'literal_string' AND 'literal_string' AND b = @p",
      ],
      [
        "SELECT r\"Q\\d\", b'\\x51', '''Q\n'Z''', \"\"\"Q\"Z\"\"\"",
        "SELECT 'literal_string', 'literal_string', 'literal_string', 'literal_string'",
      ],
      [
        "DECLARE x NUMERIC DEFAULT 70; SET x = (SELECT 70); # Q",
        "DECLARE x NUMERIC DEFAULT §; SET x = (SELECT §); /* comment */",
      ],
      [
        "SELECT TIMESTAMP('7070-07-07 07:07:07+00'), INTERVAL 70 DAY, DATE_ADD(d, INTERVAL '7' HOUR)",
        "SELECT TIMESTAMP('literal_string'), INTERVAL § DAY, DATE_ADD(d, INTERVAL 'literal_string' HOUR)",
      ],
      [
        "SELECT STRUCT(70 AS a, 'Q' AS b).a, [\"Q\", 'Z'][SAFE_OFFSET(70)]",
        "SELECT STRUCT(§ AS a, 'literal_string' AS b).a, ['literal_string', 'literal_string'][SAFE_OFFSET(§)]",
      ],
      [
        'CREATE FUNCTION f(x STRING) RETURNS STRING LANGUAGE js AS r""" return x + \'Q\'; """',
        "CREATE FUNCTION f(x STRING) RETURNS STRING LANGUAGE js AS 'literal_string'",
      ],
      [
        "SELECT a FROM t FOR SYSTEM_TIME AS OF '7070-07-07' WHERE b LIKE 'Q\\\\_%'",
        "SELECT a FROM t FOR SYSTEM_TIME AS OF 'literal_string' WHERE b LIKE 'literal_string'",
      ],
    ],
  },
  {
    dialects: ["tsql"],
    cases: [
      [
        "DECLARE @a nvarchar(70) = N'Q''Z'; SET @a += N'Z'",
        "DECLARE @a nvarchar(§) = 'literal_string'; SET @a += 'literal_string'",
      ],
      [
        "SELECT CONVERT(varbinary(70), 0x7070, 7), CAST('Q' AS money), $7.70",
        "SELECT CONVERT(varbinary(§), §, §), CAST('literal_string' AS money), §",
      ],
      [
        "BACKUP DATABASE [a] TO DISK = N'Q' WITH PASSWORD = N'Z'",
        "BACKUP DATABASE [a] TO DISK = 'literal_string' WITH PASSWORD = 'literal_string'",
      ],
      [
        "SELECT a FROM OPENROWSET('Q', 'Z';'Q';'Z', 'SELECT 70')",
        "SELECT a FROM OPENROWSET('literal_string', 'literal_string';'literal_string';'literal_string', 'literal_string')",
      ],
      ["EXEC xp_cmdshell 'Q'; GO 70", "EXEC xp_cmdshell 'literal_string'; GO §"],
      [
        "WAITFOR DELAY '07:07:07'; RAISERROR('Q %d', 7, 7, @a)",
        "WAITFOR DELAY 'literal_string'; RAISERROR('literal_string', §, §, @a)",
      ],
      [
        "SELECT [a'b]]c], \"Q\" FROM [x].[y] WHERE z = 'Z' -- /* Q",
        "SELECT [a'b]]c], 'literal_string' FROM [x].[y] WHERE z = 'literal_string' /* comment */",
      ],
    ],
  },
  {
    dialects: ["databricks"],
    cases: [
      [
        "SELECT 'Q\\'Z', \"Q\\\"Z\", `a-b`, 70S, 7Y, 7.7D, 7e7F",
        "SELECT 'literal_string', 'literal_string', `a-b`, §, §, §, §",
      ],
      [
        "SELECT a FROM t WHERE b RLIKE 'Q\\\\d' AND c = DATE '7070-07-07' -- Z\n",
        "SELECT a FROM t WHERE b RLIKE 'literal_string' AND c = DATE 'literal_string' /* comment */\n",
      ],
      [
        "CREATE TABLE t USING delta LOCATION 's3://Q' OPTIONS ('a' = 'Q', b 'Z', c = 70)",
        "CREATE TABLE t USING delta LOCATION 'literal_string' OPTIONS ('literal_string' = 'literal_string', b 'literal_string', c = §)",
      ],
      [
        "SELECT transform(a, x -> x + 70), map('Q', 70), named_struct('a', \"Z\") FROM t",
        "SELECT transform(a, x -> x + §), map('literal_string', §), named_struct('literal_string', 'literal_string') FROM t",
      ],
    ],
  },
  {
    dialects: ["sqlite"],
    cases: [
      [
        'SELECT a, "Q", [b c], `d` FROM t WHERE e = ?1 AND f = :g AND h = @i AND j = $k LIMIT 70',
        "SELECT a, 'literal_string', [b c], `d` FROM t WHERE e = ?1 AND f = :g AND h = @i AND j = $k LIMIT §",
      ],
      [
        "ATTACH DATABASE 'Q' AS x KEY 'Z'; PRAGMA key = 'Q'",
        "ATTACH DATABASE 'literal_string' AS x KEY 'literal_string'; PRAGMA key = 'literal_string'",
      ],
      [
        "SELECT x'7070', 'Q' GLOB 'Z*', a -> '$.Q', b ->> 70 /* Q",
        "SELECT 'literal_string', 'literal_string' GLOB 'literal_string', a -> 'literal_string', b ->> § /* comment */",
      ],
      [
        "INSERT INTO t VALUES (70, 7.7e-70, 0x70, 'Q''Z', NULL)",
        "INSERT INTO t VALUES (§, §, §, 'literal_string', NULL)",
      ],
    ],
  },
];
