import type { HardCases } from "./hard-cases.ts";

export const SNOWFLAKE: readonly HardCases[] = [
  {
    dialects: ["snowflake"],
    cases: [
      [
        "SELECT $1, $2:a.b[70], t.$1 FROM @stage/path (FILE_FORMAT => 'Q') t",
        "SELECT $1, $2:a.b[§], t.$1 FROM @stage/path (FILE_FORMAT => 'literal_string') t",
      ],
      ["SELECT $$Q'Z$$, 'Q\\'Z', 'it''s Z'", "SELECT 'literal_string', 'literal_string', 'literal_string'"],
      ["SELECT a // Q\n, b -- Z\n, c", "SELECT a /* comment */\n, b /* comment */\n, c"],
      [
        "SELECT src:a.b::string, src['Q'], :1, ?, $var FROM t",
        "SELECT src:a.b::string, src['literal_string'], :1, ?, $var FROM t",
      ],
      ["SELECT {'Q': 7070, 'Z': 'Q'}, a:1", "SELECT {'literal_string': §, 'literal_string': 'literal_string'}, a:§"],
      ["SELECT 'Q':7070", "SELECT 'literal_string':§"],
      [
        'SELECT "My Col" FROM db.schema."T 1" WHERE a ILIKE \'Q%\'',
        'SELECT "My Col" FROM db.schema."T 1" WHERE a ILIKE \'literal_string\'',
      ],
      [
        "CREATE STAGE s URL = 's3://Q' CREDENTIALS = (AWS_KEY_ID = 'Q' AWS_SECRET_KEY = 'Z')",
        "CREATE STAGE s URL = 'literal_string' CREDENTIALS = (AWS_KEY_ID = 'literal_string' AWS_SECRET_KEY = 'literal_string')",
      ],
      ["EXECUTE IMMEDIATE $$ BEGIN LET a := 'Q'; END $$", "EXECUTE IMMEDIATE 'literal_string'"],
      ["SELECT /* Q /* Z */ a", "SELECT 'literal_string'"],
      ["COPY INTO @~/stage/$$Q$$ FROM t", "COPY INTO @~/stage/'literal_string' FROM t"],
      ["SELECT a -- Q\r, 'Z'", "SELECT a 'literal_string'"],
      [
        "SELECT X'70', 70::number(38,0), a[0] FROM t SAMPLE (70)",
        "SELECT 'literal_string', §::number(§,§), a[§] FROM t SAMPLE (§)",
      ],
      ["SELECT a -- Q\u2028 'Z", "SELECT a 'literal_string'"],
      ["SELECT /* a /* b */ 'c */ QZ'", "SELECT 'literal_string'"],
      ["SELECT {'Q' :7070, 'Z' : :1}", "SELECT {'literal_string' :§, 'literal_string' : :§}"],
    ],
  },
];
