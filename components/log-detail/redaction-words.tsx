import { cellText } from "../log-table/cell-text";

const VERDICTS: Readonly<Record<string, string>> = {
  full: "Strings, numbers and comments were replaced; the structure is as it was sent.",
  failed_closed:
    "A part or all of the text could not be read with certainty, so it was hidden rather than stored as it was sent (failed closed).",
};

/** How a statement was redacted, in words. */
export function RedactionWords({ redaction }: { redaction: Readonly<Record<string, unknown>> }) {
  const verdict = cellText(redaction.verdict);
  return (
    <div className="flex flex-col">
      <span>{VERDICTS[verdict] ?? `Verdict: ${verdict}.`}</span>
      <span className="text-faint">
        Read as {cellText(redaction.dialect)}, by redaction {cellText(redaction.engine)}
      </span>
    </div>
  );
}
