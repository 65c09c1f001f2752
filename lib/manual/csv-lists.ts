import { csvColumns } from "@/lib/exports/csv";
import type { KindDef } from "@/lib/log-kinds/define";
import { findKind, kinds } from "@/lib/log-kinds/registry";

const WIDTH = 120;

/** Words one after another, broken before the line is too wide. */
function wrapped(words: readonly string[], indent = ""): string {
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`).join("\n");
}

const listed = (names: readonly string[], mark: string) => names.map((name) => `${mark}${name}${mark},`);

/** The columns of a kind, in order: first those that a reader looks for, the envelope, and every other one. */
function columnsOf(kind: KindDef): string {
  const names = csvColumns(kind, true).map(({ name }) => name);
  return wrapped(names.map((name, index) => `\`${name}\`${index < names.length - 1 ? "," : ""}`));
}

function jsonColumns(): string {
  const entries = kinds.map((kind) => {
    const names = csvColumns(kind, true).flatMap(({ name, isJson }) => (isJson ? [name] : []));
    return `    "${kind.id}": {\n${wrapped(listed(names, '"'), "        ")}\n    },`;
  });
  return ["JSON_COLUMNS = {", ...entries, "}"].join("\n");
}

const COLUMNS = /(<!-- columns: ([a-z]+) -->\n)[\s\S]*?(\n<!-- \/columns -->)/g;
const JSON_COLUMNS = /^JSON_COLUMNS = \{\n[\s\S]*?^\}$/m;

/** docs/csv.md with the columns that the kinds declare. */
export function withCsvColumns(markdown: string): string {
  return markdown
    .replace(JSON_COLUMNS, jsonColumns())
    .replace(COLUMNS, (whole, begin: string, id: string, end: string) => {
      const kind = findKind(id);
      return kind ? `${begin}${columnsOf(kind)}${end}` : whole;
    });
}
