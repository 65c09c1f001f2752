"use client";

import { Search } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useLogActions } from "../log-table/log-actions";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { INPUT } from "../ui/field";

interface WordSearchProps {
  /** The name of the filter by words. */
  filter: string;
  label: string;
}

/** What the server can look for: two letters or digits in a row. */
const HAS_WORD = /[\p{L}\p{N}]{2}/u;

/** A search box over a kind's words: the `text` filter, in sight. */
export function WordSearch({ filter, label }: WordSearchProps) {
  const { filters } = useLogActions();
  const asked = filters[filter] ?? "";
  // Begins anew with what is asked: a chip that was taken off, Back.
  return <SearchForm key={asked} filter={filter} label={label} asked={asked} />;
}

function SearchForm({ filter, label, asked }: WordSearchProps & { asked: string }) {
  const { filters, go } = useLogActions();
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get("words") ?? "").trim();
    const isWrong = words !== "" && !HAS_WORD.test(words);
    setWrong(isWrong);
    if (isWrong) return;
    const { [filter]: _, ...others } = filters;
    go({ filters: words === "" ? others : { ...others, [filter]: words } });
  };
  return (
    <search>
      <form onSubmit={submit} className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="flex min-w-0 max-w-md flex-1 basis-64 gap-1.5">
          <input
            type="search"
            name="words"
            aria-label={label}
            aria-describedby={id}
            aria-invalid={wrong || undefined}
            placeholder={label}
            defaultValue={asked}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className={cx(INPUT, wrong ? "border-red" : "border-edge")}
          />
          <Button type="submit">
            <Search aria-hidden className="size-3.5 text-muted" />
            Search
          </Button>
        </span>
        <p id={id} className={cx("text-xs", wrong ? "text-red" : "text-muted")}>
          {wrong
            ? "Give a word of two or more letters or digits."
            : "Whole words of the type and the details, names of members too: all must occur, in any order."}
        </p>
      </form>
    </search>
  );
}
