import type { HardCases } from "./hard-cases.ts";

export const TSQL: readonly HardCases[] = [
  {
    dialects: ["tsql"],
    cases: [
      [
        "SELECT [Order Details].[it's], [a]]b] FROM [dbo].[t] WHERE a = N'Q'",
        "SELECT [Order Details].[it's], [a]]b] FROM [dbo].[t] WHERE a = 'literal_string'",
      ],
      ["SELECT \"a\", 'Q''Z', $70.70, -$7,070, 0x7070", "SELECT 'literal_string', 'literal_string', §, -§,§, §"],
      [
        "SELECT @a, @@rowcount, @1 FROM #tmp, ##g WHERE x = @p1",
        "SELECT @a, @@rowcount, @1 FROM #tmp, ##g WHERE x = @p1",
      ],
      [
        "EXEC sp_executesql N'SELECT Q', N'@a int', @a = 70",
        "EXEC sp_executesql 'literal_string', 'literal_string', @a = §",
      ],
      ["SELECT a /* Q /* Z */ Q */ FROM b", "SELECT a /* comment */ FROM b"],
      ["SELECT a -- Q\r\n, b", "SELECT a /* comment */\r\n, b"],
      ["SELECT a -- Q\rZ\n, b", "SELECT a 'literal_string'"],
      [
        "SELECT TOP 70 a FROM t WITH (NOLOCK) WHERE b LIKE '[Q-Z]%'",
        "SELECT TOP § a FROM t WITH (NOLOCK) WHERE b LIKE 'literal_string'",
      ],
      ["SELECT [a, 'Q'", "SELECT 'literal_string'"],
      ["SELECT $action, $PARTITION.f(70), {fn NOW()}", "SELECT $action, $PARTITION.f(§), {fn NOW()}"],
      [
        "CREATE LOGIN x WITH PASSWORD = 'Q', CHECK_POLICY = OFF",
        "CREATE LOGIN x WITH PASSWORD = 'literal_string', CHECK_POLICY = OFF",
      ],
      ["SELECT a FROM t WHERE b = £70", "SELECT a FROM t WHERE b = 'literal_string'"],
      ["SELECT `a` FROM b WHERE c = 'Q'", "SELECT 'literal_string'"],
      ["ALTER LOGIN x WITH PASSWORD = [Q Z]", "ALTER LOGIN x WITH PASSWORD = 'literal_string'"],
      ["SELECT [a]]'b], 'QZ'", "SELECT [a]]'b], 'literal_string'"],
    ],
  },
];
