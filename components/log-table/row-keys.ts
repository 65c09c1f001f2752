/** What a key asks of a row that has the focus: another row's index, or an act. */
export type RowKeyTarget = number | "toggle" | "copy";

interface Key {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
}

interface RowKeyContext {
  /** The row that has the focus. */
  at: number;
  count: number;
  /** Rows in one screen. */
  screenRows: number;
  expanded: boolean;
  /** Single letters act; the reader can turn that off. */
  letters: boolean;
}

const STEPS: Record<string, (context: RowKeyContext) => number> = {
  ArrowDown: ({ at }) => at + 1,
  j: ({ at }) => at + 1,
  ArrowUp: ({ at }) => at - 1,
  k: ({ at }) => at - 1,
  PageDown: ({ at, screenRows }) => at + screenRows,
  PageUp: ({ at, screenRows }) => at - screenRows,
  Home: () => 0,
  End: ({ count }) => count - 1,
};

/**
 * Arrows and j k move between rows, → opens, ← closes, c copies. Undefined: the key is not ours, above all one with a
 * modifier, which is the browser's. Enter and Space are the button's own.
 */
export function rowKeyTarget(key: Key, context: RowKeyContext): RowKeyTarget | undefined {
  if (key.metaKey || key.ctrlKey || key.altKey) return undefined;
  if (key.key.length === 1 && !context.letters) return undefined;
  if (key.key === "c") return "copy";
  if (key.key === "ArrowRight" || key.key === "ArrowLeft") {
    return context.expanded === (key.key === "ArrowLeft") ? "toggle" : undefined;
  }
  const step = STEPS[key.key];
  return step && Math.min(Math.max(0, step(context)), context.count - 1);
}
