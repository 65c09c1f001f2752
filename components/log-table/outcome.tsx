import { Check, CircleX, type LucideIcon, ShieldX, Unplug } from "lucide-react";
import { cx } from "../ui/class-names";

interface OutcomeLook {
  word: string;
  icon: LucideIcon;
  className: string;
  /** Wash and left mark of the whole row; success has none. */
  row?: string;
}

const AMBER = "bg-amber-wash shadow-[inset_2px_0_0_var(--amber-mark)]";
const RED = "bg-red-wash shadow-[inset_2px_0_0_var(--red-mark)]";
const LOOKS: Record<string, OutcomeLook> = {
  success: { word: "Success", icon: Check, className: "text-muted" },
  policy_denial: { word: "Policy denial", icon: ShieldX, className: "font-medium text-amber", row: AMBER },
  provider_error: { word: "Provider error", icon: CircleX, className: "font-medium text-red", row: RED },
  network_error: { word: "Network error", icon: Unplug, className: "font-medium text-red", row: RED },
};

/** How a call ended: an icon, a word and, where it failed, a colour. */
export function Outcome({ value }: { value: string }) {
  const look = LOOKS[value];
  if (!look) return <span>{value}</span>;
  const Icon = look.icon;
  return (
    <span className={cx("flex min-w-0 items-center gap-1.5", look.className)}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{look.word}</span>
    </span>
  );
}

/** Classes of a row with this outcome. */
export function outcomeRowClass(value: unknown): string | undefined {
  return LOOKS[String(value)]?.row;
}

/** The word for an outcome, or the value itself. */
export function outcomeWord(value: string): string {
  return LOOKS[value]?.word ?? value;
}
