import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./class-names";

type Tone = "info" | "warning" | "error";
const TONES = {
  info: { icon: Info, look: "border-line bg-surface", ink: "text-muted" },
  warning: { icon: TriangleAlert, look: "border-amber-mark/40 bg-amber-wash", ink: "text-amber" },
  error: { icon: CircleAlert, look: "border-red-mark/40 bg-red-wash", ink: "text-red" },
};

interface NoticeProps {
  tone: Tone;
  title: string;
  children?: ReactNode;
  /** Buttons and links below the text. */
  actions?: ReactNode;
  className?: string;
}

/** Something that a person must know, in place. Errors are announced at once, the rest when there is a pause. */
export function Notice({ tone, title, children, actions, className }: NoticeProps) {
  const { icon: Icon, look, ink } = TONES[tone];
  return (
    <div
      role={tone === "error" ? "alert" : "status"}
      className={cx("flex gap-2.5 rounded-md border p-3", look, className)}
    >
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", ink)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1 text-sm">
        <p className="font-medium">{title}</p>
        {children ? <div className="break-words text-muted">{children}</div> : null}
        {actions ? <div className="mt-1.5 flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </div>
  );
}
