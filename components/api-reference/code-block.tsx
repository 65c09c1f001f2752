import { CopyButton } from "../ui/copy-button";

/** Text to be read exactly, with a button that copies it. Caption and what it is of name it to a screen reader. */
export function CodeBlock({ caption, of, text }: { caption: string; of: string; text: string }) {
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-surface">
      <figcaption className="flex items-center justify-between gap-3 border-line border-b py-1 pr-1 pl-3 text-muted text-xs">
        {caption}
        <CopyButton text={text} />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={`${caption}: ${of}`}
        className="max-h-96 overflow-auto p-3"
      >
        <pre className="font-mono text-xs leading-[1.125rem]">{text}</pre>
      </section>
    </figure>
  );
}
