import { visibleText } from "../log-detail/visible-text";
import { outcomeWord } from "../log-table/outcome";
import { grouped } from "../ui/amounts";

export interface FacetValue {
  value: string | null;
  count: number;
}

/** Shown before somebody asks for all. */
export const FIRST_VALUES = 8;

/** Value → the words that the page shows for it, where it has words. */
export type WordsOf = (value: string) => string | undefined;

/** A value as the page shows it: nothing unseen, and never an empty line. */
export function valueText(value: string | null, wordsOf: WordsOf): string {
  if (value === null) return "none";
  if (value.trim() === "") return "(blank)";
  return visibleText(wordsOf(value) ?? outcomeWord(value));
}

/** `12`, `about 1,204`. */
export const countText = (count: number, isExact: boolean) => (isExact ? grouped(count) : `about ${grouped(count)}`);

/** Whether a filter can say it: absence has no word in the language, and a blank value none in an address. */
export const canChoose = (value: string | null): value is string => value !== null && value.trim() !== "";

interface Shown {
  values: readonly FacetValue[];
  /** Not shown, though they match. */
  hidden: number;
}

/** The values to show: those whose text or value has what was searched, the first few unless all are asked for. */
export function shownValues(
  values: readonly FacetValue[],
  { search, isAll, wordsOf }: { search: string; isAll: boolean; wordsOf: WordsOf },
): Shown {
  const asked = search.trim().toLowerCase();
  const has = ({ value }: FacetValue) =>
    [value ?? "", valueText(value, wordsOf)].some((text) => text.toLowerCase().includes(asked));
  const found = asked === "" ? values : values.filter(has);
  const most = isAll || found.length <= FIRST_VALUES + 1 ? found.length : FIRST_VALUES;
  return { values: found.slice(0, most), hidden: found.length - most };
}
