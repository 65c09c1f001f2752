import { CopyButton } from "../ui/copy-button";

/** Text to be read exactly, with a button that copies it. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-surface">
      <figcaption className="flex items-center justify-between gap-3 border-line border-b py-1 pr-1 pl-3 text-muted text-xs">
        {label}
        <CopyButton text={text} />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={label}
        className="max-h-96 overflow-auto p-3"
      >
        <pre className="font-mono text-xs leading-[1.125rem]">{text}</pre>
      </section>
    </figure>
  );
}
