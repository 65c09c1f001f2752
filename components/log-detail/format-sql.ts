/** A quoted part or a comment, whole; a word; a bracket; white space; or any other character. */
const TOKEN =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\p{L}_][\p{L}\p{N}_$]*|\s+|[\s\S]/gu;

/** Words that begin a clause, and thereby a line. */
const CLAUSES = new Set(
  "select from where group having order limit offset fetch union intersect except values set returning window qualify with on".split(
    " ",
  ),
);
const JOINS = new Set("join inner left right full cross natural".split(" "));
const CONDITIONS = new Set(["and", "or"]);
const INDENT = "  ";

/** What may stand before a join's first word on its line. */
const isJoinWord = (word: string) => JOINS.has(word) || word === "outer";

/**
 * A statement with each clause on a line of its own. Only white space between its words changes: every other character
 * stays, in its place. One that has lines of its own already is left as its author wrote it.
 */
export function formatSql(sql: string): string {
  if (sql.trim().includes("\n")) return sql;
  const tokens = sql.trim().match(TOKEN) ?? [];
  let text = "";
  let depth = 0;
  let before = "";
  let isBetween = false;
  for (const [index, token] of tokens.entries()) {
    const word = token.toLowerCase();
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (/^\s+$/.test(token)) {
      text += breakBefore(tokens[index + 1] ?? "", { before, depth, isBetween });
      continue;
    }
    if (word === "between") isBetween = true;
    else if (word === "and") isBetween = false;
    text += token;
    before = word;
  }
  return text;
}

interface Place {
  /** The word before, in lower case. */
  before: string;
  /** Open brackets. */
  depth: number;
  /** After BETWEEN, whose AND is no condition. */
  isBetween: boolean;
}

/** The white space before a token: a line where it begins one. */
function breakBefore(token: string, { before, depth, isBetween }: Place): string {
  const word = token.toLowerCase();
  if (depth > 0) return " ";
  if (CONDITIONS.has(word)) return isBetween && word === "and" ? " " : `\n${INDENT}`;
  if (word === "on") return `\n${INDENT}`;
  if (isJoinWord(word)) return isJoinWord(before) ? " " : "\n";
  // `insert into … select`, but not `distinct from` or `delete from`.
  if (word === "from" && (before === "delete" || before === "distinct")) return " ";
  return CLAUSES.has(word) ? "\n" : " ";
}
