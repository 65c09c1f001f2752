"use client";

import { useState } from "react";
import { Field } from "../ui/field";
import { toInput, typedWindow, type WindowFaults } from "./typed-window";
import { isUsualWindow, resolveWindow, type TimeWindow } from "./url-state";

/** The window of a page whose filter panel has it, too. */
export interface WindowEnds {
  /** What its ends are called. */
  names: { after: string; before: string };
  window: TimeWindow;
  /** Now by the server's clock, ms. */
  now: () => number;
}

/** What the panel opens with: the window that somebody chose, else the last seven days. */
function offered({ window, now }: WindowEnds) {
  const chosen: TimeWindow = isUsualWindow(window) ? { preset: "7d" } : window;
  const { from, to } = resolveWindow(chosen, now());
  return { chosen, after: toInput(from), before: toInput(to) };
}

/** The two ends as fields of a form. */
export function useWindowEnds(ends: WindowEnds | undefined) {
  const [start] = useState(() => ends && offered(ends));
  const [wrong, setWrong] = useState<WindowFaults>({});
  /** The window that the form says; undefined where it says none, which is then shown. */
  const read = (form: HTMLFormElement): TimeWindow | undefined => {
    if (!start || !ends) return undefined;
    const given = new FormData(form);
    const [after, before] = [given.get("after"), given.get("before")];
    // Left as they were offered they go on meaning "until now", whenever the page is refreshed.
    if (after === start.after && before === start.before) return start.chosen;
    const typed = typedWindow(after, before, { from: ends.names.after, to: ends.names.before });
    setWrong(typed.faults ?? {});
    if (typed.faults) form.querySelector<HTMLElement>(`[name=${typed.faults.from ? "after" : "before"}]`)?.focus();
    return typed.window;
  };
  const common = { "aria-required": true, autoComplete: "off", spellCheck: false, mono: true } as const;
  const fields =
    start && ends ? (
      <>
        <Field
          label={ends.names.after}
          name="after"
          defaultValue={start.after}
          error={wrong.from}
          hint="UTC, from then on"
          {...common}
        />
        <Field
          label={ends.names.before}
          name="before"
          defaultValue={start.before}
          error={wrong.to}
          hint="UTC, up to then"
          {...common}
        />
      </>
    ) : null;
  return { fields, read };
}
