import type { ComponentProps } from "react";
import { cx } from "./class-names";

type Look = "primary" | "secondary" | "quiet" | "danger";
type Size = "small" | "medium";

const BASE =
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:opacity-60";
const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-accent-ink hover:not-disabled:brightness-110",
  secondary: "border border-line bg-raised text-ink hover:not-disabled:bg-hover data-popup-open:bg-hover",
  quiet:
    "text-muted hover:not-disabled:bg-hover hover:not-disabled:text-ink data-popup-open:bg-hover data-popup-open:text-ink",
  danger: "border border-line bg-raised text-red hover:not-disabled:bg-red-wash",
};
const SIZES: Record<Size, string> = { small: "h-7 px-2 text-xs", medium: "h-8 px-2.5 text-sm sm:px-3" };

/** The classes of a button, for links that look like one. */
export function buttonClass({ look = "secondary", size = "medium" }: { look?: Look; size?: Size } = {}): string {
  return cx(BASE, LOOKS[look], SIZES[size]);
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  size?: Size;
}

export function Button({ look, size, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cx(buttonClass({ look, size }), className)} {...rest} />;
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does; read by screen readers and shown on hover. */
  label: string;
}

/** A square button with an icon only. */
export function IconButton({ label, className, type = "button", ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={cx(BASE, LOOKS.quiet, "size-8 [&_svg]:size-4", className)}
      {...rest}
    />
  );
}
