interface TextEndProps {
  /** In one line, with every character visible. */
  text: string;
  /** Shown on hover. */
  title: string;
}

/**
 * An id in a column that may be too narrow for it: it loses its beginning, since many ids begin alike. A box that runs from
 * right to left is cut at its left; the text in it is isolated and runs its own way.
 */
export function TextEnd({ text, title }: TextEndProps) {
  return (
    <span dir="rtl" title={title} className="block truncate text-left">
      <bdi dir="ltr">{text}</bdi>
    </span>
  );
}
