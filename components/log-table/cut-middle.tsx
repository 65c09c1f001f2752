/** Short enough for a column to show whole, in most windows. */
const WHOLE_CHARS = 16;
/** What of a longer text stays, in the narrowest column: ids differ at their ends, and many begin alike. */
const TAIL_CHARS = 12;

interface CutMiddleProps {
  /** In one line, with every character visible. */
  text: string;
  /** Shown on hover. */
  title: string;
}

/** An id in a column that may be too narrow for it: cut in its middle, so that its end can be read. */
export function CutMiddle({ text, title }: CutMiddleProps) {
  const characters = Array.from(text);
  if (characters.length <= WHOLE_CHARS) return <span title={title}>{text}</span>;
  return (
    <span title={title} className="flex min-w-0">
      <span className="truncate">{characters.slice(0, -TAIL_CHARS).join("")}</span>
      <span className="shrink-0 whitespace-pre">{characters.slice(-TAIL_CHARS).join("")}</span>
    </span>
  );
}
