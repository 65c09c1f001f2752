import { Ban, Check } from "lucide-react";
import { type FocusEvent, type KeyboardEvent, useState } from "react";
import { cx } from "../ui/class-names";
import { canChoose, countText, type FacetValue, valueText, type WordsOf } from "./facet-values";

export type ValueChoice = "only" | "not" | undefined;

interface ValueListProps {
  label: string;
  values: readonly FacetValue[];
  isExact: boolean;
  wordsOf: WordsOf;
  /** Undefined: the page has no filter for these. */
  choiceOf: ((value: string) => ValueChoice) | undefined;
  onOnly: (value: string) => void;
  onNot: (value: string) => void;
}

const VALUE = "data-facet-value";
/** The key of the line of rows without a value; no value has it. */
const ABSENT = "\u0000";
const STEPS = new Map([
  ["ArrowDown", 1],
  ["ArrowUp", -1],
]);

/** Where a key leads in a list of lines, each a value and its "not". */
function targetOf(event: KeyboardEvent<HTMLElement>): HTMLElement | null | undefined {
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>(`[${VALUE}]`)];
  const line = event.target instanceof Element ? event.target.closest("li") : null;
  const value = line?.querySelector<HTMLElement>(`[${VALUE}]`);
  if (!line || !value) return undefined;
  if (event.key === "ArrowRight") return value.nextElementSibling as HTMLElement | null;
  if (event.key === "ArrowLeft") return value;
  if (event.key === "Home") return lines[0];
  if (event.key === "End") return lines.at(-1);
  const step = STEPS.get(event.key);
  return step === undefined ? undefined : lines[lines.indexOf(value) + step];
}

/** One tab stop: up and down go over the values, right to "not" and left back. */
export function ValueList({ label, values, isExact, wordsOf, choiceOf, onOnly, onNot }: ValueListProps) {
  const [entered, setEntered] = useState<string>();
  const choosable = choiceOf ? values.map(({ value }) => value).filter(canChoose) : [];
  const stop = entered !== undefined && choosable.includes(entered) ? entered : choosable[0];
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const target = targetOf(event);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
  const focused = ({ target }: FocusEvent<HTMLElement>) => {
    const value = target.closest("li")?.querySelector(`[${VALUE}]`)?.getAttribute(VALUE);
    if (value != null) setEntered(value);
  };
  return (
    <ul aria-label={label} onKeyDown={press} onFocus={focused} className="flex flex-col">
      {values.map(({ value, count }) =>
        choiceOf && canChoose(value) ? (
          <ValueLine
            key={value}
            value={value}
            text={valueText(value, wordsOf)}
            shown={countText(count, isExact)}
            choice={choiceOf(value)}
            isStop={value === stop}
            onOnly={onOnly}
            onNot={onNot}
          />
        ) : (
          <li key={value ?? ABSENT} className="flex h-7 items-center gap-2 pr-9 pl-7 text-faint text-sm">
            <span className="min-w-0 flex-1 truncate italic">{valueText(value, wordsOf)}</span>
            <span className="text-xs">{countText(count, isExact)}</span>
          </li>
        ),
      )}
    </ul>
  );
}

interface ValueLineProps extends Pick<ValueListProps, "onOnly" | "onNot"> {
  value: string;
  text: string;
  shown: string;
  choice: ValueChoice;
  isStop: boolean;
}

const LOOKS = {
  only: "bg-accent-wash font-medium text-accent",
  not: "text-faint line-through",
};

/** A value with its "not", which is seen where it is pointed at, or has the focus, or is on. */
function ValueLine({ value, text, shown, choice, isStop, onOnly, onNot }: ValueLineProps) {
  const isNot = choice === "not";
  const isOnly = choice === "only";
  return (
    <li className="group flex items-center">
      <button
        type="button"
        {...{ [VALUE]: value }}
        tabIndex={isStop ? 0 : -1}
        aria-pressed={isOnly}
        aria-label={`${text}, ${shown}${isNot ? ", excluded" : ""}`}
        title={`${text}\nClick: only this. Alt-click: not this.`}
        onClick={(event) => (event.altKey ? onNot(value) : onOnly(value))}
        className={cx(
          "flex h-7 min-w-0 flex-1 items-center gap-2 rounded-md pr-2 pl-1.5 text-left text-sm outline-offset-[-2px] hover:bg-hover",
          choice && LOOKS[choice],
        )}
      >
        <span aria-hidden className="inline-flex size-3.5 shrink-0 items-center justify-center">
          {isOnly ? <Check className="size-3.5" /> : null}
        </span>
        <span className="min-w-0 flex-1 truncate">{text}</span>
        <span className={cx("text-xs", isOnly ? "text-accent" : "text-muted")}>{shown}</span>
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-pressed={isNot}
        aria-label={`Not ${text}`}
        title={isNot ? `Take ${text} back in` : `Not ${text}`}
        onClick={() => onNot(value)}
        className={cx(
          "inline-flex size-7 shrink-0 items-center justify-center rounded-md outline-offset-[-2px] hover:bg-hover hover:text-ink focus:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100",
          isNot ? "text-accent" : "pointer-fine:opacity-0 text-faint",
        )}
      >
        <Ban aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}
