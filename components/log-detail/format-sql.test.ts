import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSql } from "./format-sql";

const bare = (text: string) => text.replace(/\s+/g, "");

describe("formatSql", () => {
  it("gives every clause a line", () => {
    const sql =
      "select a, b from t left outer join u on t.id = u.id where a = 1 and b between 2 and 3 or c in (select d from v where e = 1) group by a order by b limit 5";
    expect(formatSql(sql).split("\n")).toEqual([
      "select a, b",
      "from t",
      "left outer join u",
      "  on t.id = u.id",
      "where a = 1",
      "  and b between 2 and 3",
      "  or c in (select d from v where e = 1)",
      "group by a",
      "order by b",
      "limit 5",
    ]);
  });

  it("leaves quoted parts and comments alone", () => {
    const sql = "select ' from  x where' , \"a  from\", $q$ from  $q$ /* where  */ , `a  from` from t";
    expect(formatSql(sql)).toBe(sql.replace(" from t", "\nfrom t"));
  });

  it("leaves a statement with lines of its own as it was written", () => {
    expect(formatSql("select a\n   from t")).toBe("select a\n   from t");
  });

  it("changes nothing but white space", () => {
    const part = fc.constantFrom(
      "select",
      "from",
      "where",
      "and",
      "or",
      "between",
      "join",
      "left",
      "on",
      "(",
      ")",
      "'",
      '"',
      "$$",
      "--",
      "/*",
      "*/",
      " ",
      "  ",
      "x",
      "é",
      "\u202e",
      "🦊",
      ";",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const sql = parts.join(" ");
        expect(bare(formatSql(sql))).toBe(bare(sql));
      }),
    );
  });
});
