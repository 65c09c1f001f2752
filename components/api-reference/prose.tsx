import { Fragment, type ReactNode } from "react";

/** Text in which `code` is the only mark. */
export function Marked({ text }: { text: string }): ReactNode {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity and never change places.
      <code key={index} className="rounded bg-hover px-1 font-mono text-xs [overflow-wrap:anywhere]">
        {part}
      </code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above.
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}

/** Paragraphs, separated by empty lines. */
export function Prose({ text }: { text: string }) {
  return text.split("\n\n").map((paragraph) => (
    <p key={paragraph} className="max-w-[46rem]">
      <Marked text={paragraph} />
    </p>
  ));
}
