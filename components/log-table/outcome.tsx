import { Ban, Check, CircleX, type LucideIcon, ShieldX, Unplug } from "lucide-react";
import { cx } from "../ui/class-names";

/** How much it calls for a look: what went through, what was refused or given up, what failed. */
export type OutcomeTone = "plain" | "amber" | "red";

interface OutcomeLook {
  word: string;
  tone: OutcomeTone;
  icon: LucideIcon;
  className: string;
  /** Wash and left mark of the whole row; success has none. */
  row?: string;
}

const AMBER = "bg-amber-wash shadow-[inset_2px_0_0_var(--amber-mark)]";
const RED = "bg-red-wash shadow-[inset_2px_0_0_var(--red-mark)]";
const LOOKS = new Map<unknown, OutcomeLook>(
  Object.entries({
    success: { word: "Success", tone: "plain", icon: Check, className: "text-muted" },
    policy_denial: {
      word: "Policy denial",
      tone: "amber",
      icon: ShieldX,
      className: "font-medium text-amber",
      row: AMBER,
    },
    provider_error: { word: "Provider error", tone: "red", icon: CircleX, className: "font-medium text-red", row: RED },
    network_error: { word: "Network error", tone: "red", icon: Unplug, className: "font-medium text-red", row: RED },
    error: { word: "Error", tone: "red", icon: CircleX, className: "font-medium text-red", row: RED },
    failure: { word: "Failure", tone: "red", icon: CircleX, className: "font-medium text-red", row: RED },
    canceled: { word: "Canceled", tone: "amber", icon: Ban, className: "font-medium text-amber" },
  }),
);

/** Words with which policy engines refuse. */
const REFUSALS = ["deny", "denied", "block", "blocked", "refuse", "refused", "reject", "rejected"];

/** The outcome that a policy's decision is shown as, where it refused; engines choose the word themselves. */
export function outcomeOfDecision(decision: unknown): string | undefined {
  return typeof decision === "string" && REFUSALS.includes(decision.toLowerCase()) ? "policy_denial" : undefined;
}

/** How something ended: an icon, a word (its own, or the given one) and, where it failed, a colour. */
export function Outcome({ value, word }: { value: string; word?: string }) {
  const look = LOOKS.get(value);
  if (!look) return <span>{value}</span>;
  const Icon = look.icon;
  return (
    <span className={cx("flex min-w-0 items-center gap-1.5", look.className)}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{word ?? look.word}</span>
    </span>
  );
}

/** Classes of a row with this outcome. */
export function outcomeRowClass(value: unknown): string | undefined {
  return LOOKS.get(value)?.row;
}

/** The word for an outcome, or the value itself. */
export function outcomeWord(value: string): string {
  return LOOKS.get(value)?.word ?? value;
}

export function outcomeTone(value: string): OutcomeTone {
  return LOOKS.get(value)?.tone ?? "plain";
}
