import type { ReactNode } from "react";

/** Name of a member at the start of a line of indented JSON: its indent, the quoted name, the colon. */
const MEMBER = /^(\s*)("(?:[^"\\]|\\.)*")(: )/;

function line(text: string): ReactNode {
  const member = MEMBER.exec(text);
  if (!member) return text;
  const [whole, indent, name, colon] = member;
  return (
    <>
      {indent}
      <span className="text-accent">{name}</span>
      {colon}
      {text.slice(whole.length)}
    </>
  );
}

interface JsonViewProps {
  /** Indented JSON, already made visible. Shown as text nodes only, never as markup or links. */
  text: string;
  label: string;
}

/** JSON that can be scrolled, selected and read by keyboard. */
export function JsonView({ text, label }: JsonViewProps) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={label}
      className="max-h-[28rem] overflow-auto rounded-md border border-line bg-page p-3"
    >
      <pre className="font-mono text-ink text-xs leading-[1.125rem] whitespace-pre-wrap break-words">
        {text.split("\n").map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity and never change places.
          <span key={index} className="block">
            {line(one)}
          </span>
        ))}
      </pre>
    </section>
  );
}
