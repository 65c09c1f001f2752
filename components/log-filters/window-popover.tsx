"use client";

import { Check } from "lucide-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { Field } from "../ui/field";
import { Popover } from "../ui/popover";
import { toInput, typedWindow, type WindowFaults } from "./typed-window";
import { presetsUpTo, type TimeWindow, tooLong } from "./url-state";

interface WindowPopoverProps {
  window: TimeWindow;
  /** The window as two times, RFC 3339 UTC. */
  resolved: { from: string; to: string };
  /** The longest window that the page shows, ms. */
  maxMs?: number | undefined;
  trigger: ReactElement;
  onChange: (window: TimeWindow) => void;
}

/** Presets in words, and two times. Comes open: it is loaded when its button is pressed. */
export function WindowPopover({ window, resolved, maxMs, trigger, onChange }: WindowPopoverProps) {
  const [open, setOpen] = useState(true);
  const choose = (next: TimeWindow) => {
    setOpen(false);
    onChange(next);
  };
  const preset = "preset" in window ? window.preset : undefined;
  return (
    <Popover title="Time window" open={open} onOpenChange={setOpen} trigger={trigger}>
      <div className="flex max-sm:flex-col">
        <div className="flex flex-col gap-0.5 p-1.5 sm:w-44">
          {presetsUpTo(maxMs).map(({ id, label }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === preset}
              onClick={() => choose({ preset: id })}
              className={cx(
                "flex h-8 items-center rounded-md px-2 text-left text-sm hover:bg-hover",
                id === preset ? "bg-hover font-medium" : "text-muted",
              )}
            >
              <span className="flex-1">{label}</span>
              {id === preset ? <Check aria-hidden className="size-3.5 text-accent" /> : null}
            </button>
          ))}
        </div>
        <AbsoluteWindow resolved={resolved} maxMs={maxMs} onChange={choose} />
      </div>
    </Popover>
  );
}

interface AbsoluteWindowProps {
  resolved: { from: string; to: string };
  maxMs: number | undefined;
  onChange: (window: TimeWindow) => void;
}

function AbsoluteWindow({ resolved, maxMs, onChange }: AbsoluteWindowProps) {
  const [wrong, setWrong] = useState<WindowFaults>({});
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = typedWindow(form.get("from"), form.get("to"), { from: "The start", to: "The end", maxMs });
    if (typed.window) onChange(typed.window);
    else setWrong(typed.faults);
  };
  const common = { autoComplete: "off", spellCheck: false, mono: true } as const;
  return (
    <form
      onSubmit={submit}
      noValidate
      className="flex flex-col gap-2.5 border-line p-3 max-sm:border-t sm:w-60 sm:border-l"
    >
      <Field label="From (UTC)" name="from" defaultValue={toInput(resolved.from)} error={wrong.from} {...common} />
      <Field label="To (UTC), exclusive" name="to" defaultValue={toInput(resolved.to)} error={wrong.to} {...common} />
      {maxMs === undefined ? null : <p className="text-faint text-xs">{tooLong(maxMs)}</p>}
      <Button type="submit" look="primary">
        Show this window
      </Button>
    </form>
  );
}
