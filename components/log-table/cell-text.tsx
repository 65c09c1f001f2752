import { visibleText } from "../log-detail/visible-text";

/** A value in one line, every character visible; "" for none. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return visibleText(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** There is nothing in this field. */
export function NoValue() {
  return <span className="text-faint">–</span>;
}
