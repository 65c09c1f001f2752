import { fits, tooLong } from "./url-state";

/** `2026-11-22 01:18:49`, the same in every browser and language; milliseconds only where there are some. */
export const toInput = (time: string) => time.slice(0, 23).replace("T", " ").replace(".000", "");

/** What was typed or pasted, ms: with a zone as it says, without one UTC. */
function fromInput(typed: unknown): number {
  const text = String(typed ?? "")
    .trim()
    .replace(" ", "T");
  const dated = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text;
  return Date.parse(/(Z|[+-]\d{2}:\d{2})$/i.test(dated) ? dated : `${dated}Z`);
}

export interface WindowFaults {
  from?: string;
  to?: string;
}

/** What was typed as a window, or what is wrong with it. */
type TypedWindow =
  | { window: { from: string; to: string }; faults?: undefined }
  | { window?: undefined; faults: WindowFaults };

interface WindowNames {
  from: string;
  to: string;
  /** The longest window that the page shows, ms. */
  maxMs?: number | undefined;
}

const EXAMPLE = "Give a time such as 2026-11-22 01:18:49.";

function faultOf(typed: unknown, name: string): string {
  return String(typed ?? "").trim() === ""
    ? `${name} is needed: a search always has a time window. ${EXAMPLE}`
    : EXAMPLE;
}

/** Two typed ends of a window → the window, or what is wrong with either. */
export function typedWindow(from: unknown, to: unknown, { maxMs, ...names }: WindowNames): TypedWindow {
  const [start, end] = [fromInput(from), fromInput(to)];
  const faults: WindowFaults = {
    ...(Number.isNaN(start) && { from: faultOf(from, names.from) }),
    ...(Number.isNaN(end) && { to: faultOf(to, names.to) }),
  };
  if (faults.from || faults.to) return { faults };
  if (start >= end) return { faults: { to: `${names.to} must be after ${names.from}.` } };
  const window = { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
  return maxMs !== undefined && !fits(window, maxMs) ? { faults: { from: tooLong(maxMs) } } : { window };
}
