import { useMemo } from "react";
import type { OutcomeTone } from "../log-table/outcome";
import { barSentence, type Counted } from "./bar-words";
import { type Bar, pathsOf, TONES, together } from "./bars";
import type { Choice, useBarChoice } from "./use-bar-choice";

/** Height of the highest bar, px. */
export const PLOT_PX = 44;

const FILLS: Record<OutcomeTone, string> = {
  red: "fill-[var(--red-mark)]",
  amber: "fill-[var(--amber-mark)]",
  plain: "fill-edge",
};

interface PlotProps extends Pick<ReturnType<typeof useBarChoice>, "choice" | "hovered" | "isDragging" | "handlers"> {
  bars: readonly Bar[];
  how: Counted;
  label: string;
  /** What is said in place of bars. */
  otherwise: string;
}

/**
 * The bars as one tab stop. A slider: arrows move it, and its value is said in words. It stays while another search is
 * counted, so that a zoom does not lose the focus.
 */
export function Plot({ bars, how, label, otherwise, choice, hovered, isDragging, handlers }: PlotProps) {
  const paths = useMemo(() => pathsOf(bars, PLOT_PX), [bars]);
  const at = choice?.at ?? bars.length - 1;
  const chosen = choice ? together(bars, choice.anchor, choice.at) : bars.at(-1);
  const isEmpty = bars.length === 0;
  return (
    <div
      role="slider"
      tabIndex={isEmpty ? -1 : 0}
      aria-label={label}
      aria-description="Arrows move over the bars, with Shift they take more of them, Enter shows only that time."
      aria-disabled={isEmpty || undefined}
      aria-valuemin={isEmpty ? 0 : 1}
      aria-valuemax={bars.length}
      aria-valuenow={Math.max(0, at + 1)}
      aria-valuetext={chosen ? barSentence(chosen, how) : otherwise}
      data-dragging={isDragging || undefined}
      className="h-11 touch-pan-y select-none rounded-sm not-aria-disabled:cursor-crosshair"
      {...handlers}
    >
      <svg
        aria-hidden
        viewBox={`0 0 ${Math.max(1, bars.length)} ${PLOT_PX}`}
        preserveAspectRatio="none"
        className="block size-full border-line border-b"
      >
        {hovered === undefined ? null : <Band choice={{ anchor: hovered, at: hovered }} className="fill-hover" />}
        {choice ? <Band choice={choice} className="fill-accent/20" /> : null}
        {TONES.map((tone) => (
          <path key={tone} d={paths[tone]} className={FILLS[tone]} />
        ))}
      </svg>
    </div>
  );
}

/** Behind the bars that are meant, over the whole height: a low bar is pointed at as easily as a high one. */
function Band({ choice: { anchor, at }, className }: { choice: Choice; className: string }) {
  const first = Math.min(anchor, at);
  return <rect x={first} y={0} width={Math.abs(anchor - at) + 1} height={PLOT_PX} className={className} />;
}
