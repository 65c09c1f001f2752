import { lineText, visibleText } from "../log-detail/visible-text";

function asText(value: unknown, show: (text: string) => string): string {
  if (value === null || value === undefined) return "";
  return show(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** A value in one line, white space as spaces and every other character visible; "" for none. */
export const cellText = (value: unknown): string => asText(value, lineText);

/** A value of an open row, every character visible, line breaks too; "" for none. */
export const wholeText = (value: unknown): string => asText(value, visibleText);

/** There is nothing in this field. */
export function NoValue() {
  return <span className="text-faint">–</span>;
}
