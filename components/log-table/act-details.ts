import { codeWords } from "./act-words";
import { outsideSystemOf } from "./actor";
import { cellText } from "./cell-text";
import type { Row } from "./kind-view";
import { nameOf } from "./named";

type Change = Readonly<Record<string, unknown>>;
type Names = Readonly<Record<string, string>>;

/** What a cell says of an act. */
export interface ActText {
  /** In the cell; undefined for what nobody reads there. */
  shown?: string;
  /** On hover, with every id. */
  whole: string;
}

/** Ids of sessions say nothing to a reader, and have no name: on hover and in the open row they are there all the same. */
const SESSION = "session_id";

const isThere = (value: unknown) => value !== undefined && value !== null && value !== "";

/** One side of a change; nothing is a dash. */
const side = (value: unknown) => (isThere(value) ? cellText(value) : "–");

function changeText({ field, old, new: now }: Change, apps: Names): ActText {
  const whole = `${cellText(field)}: ${side(old)} → ${side(now)}`;
  const isApp = field === "app_id" && [old, now].some((id) => nameOf(id, apps) !== undefined);
  if (!isApp) return { shown: whole, whole };
  const [before, after] = [old, now].map((id) => side(nameOf(id, apps) ?? id));
  return { shown: `application: ${before} → ${after}`, whole };
}

/** What is other than before. Applications are named as they are called now; what outside systems write is left as it is. */
export function changeTexts(row: Row, apps: Names): ActText[] {
  const changes: readonly Change[] = Array.isArray(row.changes) ? row.changes : [];
  const known = outsideSystemOf(row) === undefined ? apps : {};
  return changes.map((change) => changeText(change, known));
}

/** What else the act says of itself: codes in words, the rest by name. */
export function detailTexts(row: Row): ActText[] {
  const { details } = row;
  if (typeof details !== "object" || details === null) return [];
  const isOwn = outsideSystemOf(row) === undefined;
  const told = codeWords(row);
  const texts = Object.entries(details).map(([name, value]) => {
    const whole = `${cellText(name)}: ${cellText(value)}`;
    const isHidden = (isOwn && name === SESSION) || told?.names.includes(name);
    return isHidden ? { whole } : { shown: whole, whole };
  });
  return told ? [{ shown: told.words, whole: told.words }, ...texts] : texts;
}
