import { Fragment, type ReactNode } from "react";

export const LINK = "text-accent underline underline-offset-2";

/** Text in which `code` is the only mark. */
export function Marked({ text }: { text: string }): ReactNode {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity and never change places.
      <code key={index}>{part}</code>
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
