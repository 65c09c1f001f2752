"use client";

import { Check } from "lucide-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { Field } from "../ui/field";
import { Popover } from "../ui/popover";
import { PRESETS, type TimeWindow } from "./url-state";

interface WindowPopoverProps {
  window: TimeWindow;
  /** The window as two times, RFC 3339 UTC. */
  resolved: { from: string; to: string };
  trigger: ReactElement;
  onChange: (window: TimeWindow) => void;
}

/** Presets in words, and two times. Comes open: it is loaded when its button is pressed. */
export function WindowPopover({ window, resolved, trigger, onChange }: WindowPopoverProps) {
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
          {PRESETS.map(({ id, label }) => (
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
        <AbsoluteWindow resolved={resolved} onChange={choose} />
      </div>
    </Popover>
  );
}

interface AbsoluteWindowProps {
  resolved: { from: string; to: string };
  onChange: (window: TimeWindow) => void;
}

/** `2026-11-22 01:18:49`, the same in every browser and language; milliseconds only where there are some. */
const toInput = (time: string) => time.slice(0, 23).replace("T", " ").replace(".000", "");

/** What was typed or pasted: with a zone as it says, without one UTC. */
function fromInput(typed: unknown): number {
  const text = String(typed ?? "")
    .trim()
    .replace(" ", "T");
  const dated = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text;
  return Date.parse(/(Z|[+-]\d{2}:\d{2})$/i.test(dated) ? dated : `${dated}Z`);
}

function AbsoluteWindow({ resolved, onChange }: AbsoluteWindowProps) {
  const [wrong, setWrong] = useState<{ from?: string; to?: string }>({});
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [fromInput(form.get("from")), fromInput(form.get("to"))];
    const example = "Give a time such as 2026-11-22 01:18:49.";
    if (Number.isNaN(from)) setWrong({ from: example });
    else if (Number.isNaN(to)) setWrong({ to: example });
    else if (from >= to) setWrong({ to: "The end must be after the start." });
    else onChange({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
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
      <Button type="submit" look="primary">
        Show this window
      </Button>
    </form>
  );
}
