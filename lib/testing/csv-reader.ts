import { callFields } from "@/lib/log-kinds/call/fields";

/** One cell from `at`: its text, null where it is bare and empty, and where it ends. */
function cellAt(text: string, at: number): { cell: string | null; end: number } {
  if (text[at] !== '"') {
    const end = text.slice(at).search(/,|\r\n/) + at;
    return { cell: end === at ? null : text.slice(at, end), end };
  }
  let end = at + 1;
  while (text[end] !== '"' || text[end + 1] === '"') end += text[end] === '"' ? 2 : 1;
  return { cell: text.slice(at + 1, end).replaceAll('""', '"'), end: end + 1 };
}

/** Reads the CSV that we write the way a verifier would: RFC 4180, `apostrophe-v1` undone, an empty bare cell is null. */
function cellsOf(text: string): (string | null)[][] {
  const lines: (string | null)[][] = [];
  let line: (string | null)[] = [];
  for (let at = 0; at < text.length; ) {
    const { cell, end } = cellAt(text, at);
    line.push(cell?.startsWith("'") ? cell.slice(1) : cell);
    if (text[end] === ",") at = end + 1;
    else if (text.startsWith("\r\n", end)) {
      lines.push(line);
      line = [];
      at = end + 2;
    } else throw new Error(`The CSV has neither a comma nor CRLF at ${end}: ${text.slice(end, end + 40)}`);
  }
  return lines;
}

const TYPES = new Map<string, string>([
  ...callFields.map((field) => [field.name, field.type] as const),
  ["seq", "integer"],
  ["schema_version", "integer"],
]);

function readValue(name: string, cell: string | null): unknown {
  const type = TYPES.get(name) ?? "text";
  return cell === null || type === "text" ? cell : JSON.parse(cell);
}

/** Rows of a call CSV as the API would answer them. */
export function readCallCsv(text: string): Record<string, unknown>[] {
  const [names = [], ...lines] = cellsOf(text);
  return lines.map((cells) => {
    if (cells.length !== names.length) throw new Error(`A line has ${cells.length} cells of ${names.length}.`);
    return Object.fromEntries(cells.map((cell, index) => [names[index], readValue(names[index] ?? "", cell)]));
  });
}
