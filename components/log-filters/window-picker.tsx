"use client";

import { ChevronDown, Clock } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { fullTime } from "../log-table/time-text";
import { Button } from "../ui/button";
import { type TimeWindow, windowLabel } from "./url-state";

/** Loaded when somebody goes for it: most visits only read rows. */
const load = () => import("./window-popover");
const WindowPopover = lazy(async () => ({ default: (await load()).WindowPopover }));

interface WindowPickerProps {
  window: TimeWindow;
  /** The window as two times, RFC 3339 UTC. */
  resolved: { from: string; to: string };
  /** The longest window that the page shows, ms. */
  maxMs?: number | undefined;
  onChange: (window: TimeWindow) => void;
}

/** The time window: always one, always visible. */
export function WindowPicker({ window, ...rest }: WindowPickerProps) {
  const [wanted, setWanted] = useState(false);
  const label = windowLabel(window);
  const button = (
    <WindowButton
      label={label}
      aria-haspopup="dialog"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    />
  );
  return (
    <Suspense fallback={button}>
      {wanted ? <WindowPopover window={window} trigger={<WindowButton label={label} />} {...rest} /> : button}
    </Suspense>
  );
}

function WindowButton({ label, ...rest }: { label: string } & ComponentProps<typeof Button>) {
  return (
    <Button aria-label={`Time window: ${label}`} {...rest}>
      <Clock aria-hidden className="size-3.5 text-muted max-sm:hidden" />
      {label}
      <ChevronDown aria-hidden className="size-3.5 text-faint" />
    </Button>
  );
}

/** The resolved window in words; in two lines where it must be, broken between its times. */
export function ResolvedWindow({ from, to }: { from: string; to: string }) {
  return (
    <span className="font-mono text-muted text-xs">
      <time dateTime={from} className="whitespace-nowrap">
        {fullTime(from)}
      </time>{" "}
      <span className="whitespace-nowrap">
        <span aria-hidden>→ </span>
        <span className="sr-only">to </span>
        <time dateTime={to}>{fullTime(to)}</time> <span className="text-faint">UTC</span>
      </span>
    </span>
  );
}
