import { cx } from "../ui/class-names";
import type { Suggestion } from "./suggestions";

interface SuggestionListProps {
  id: string;
  items: readonly Suggestion[];
  active: number;
  onChoose: (item: Suggestion) => void;
}

export const optionId = (listId: string, index: number) => `${listId}-${index}`;

/** What may be put at the caret. The focus stays in the line: the list is read with it. */
export function SuggestionList({ id, items, active, onChoose }: SuggestionListProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Suggestions"
      className="absolute top-full left-0 z-20 mt-1 w-96 max-w-full overflow-hidden rounded-md border border-line bg-page py-1 shadow-lg"
    >
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the line above has the keys.
        <div
          key={item.text}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // Before the line would lose the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(item)}
          className={cx(
            "flex h-8 cursor-default items-center justify-between gap-4 px-2.5 hover:bg-surface",
            index === active && "bg-accent-wash",
          )}
        >
          <span className="min-w-0 truncate font-mono text-sm">{item.label}</span>
          <span className="shrink-0 text-muted text-xs tabular-nums">{item.hint}</span>
        </div>
      ))}
    </div>
  );
}
