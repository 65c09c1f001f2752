import { cx } from "./class-names";

/** A grey bar where a text will be. */
export function Skeleton({ className }: { className?: string }) {
  return <div className={cx("h-2.5 animate-pulse rounded-full bg-line", className)} />;
}
