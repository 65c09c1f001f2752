import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./class-names";

/** Without the colour of its border. */
export const INPUT =
  "h-8 w-full min-w-0 rounded-md border bg-page px-2.5 text-sm text-ink placeholder:text-faint disabled:opacity-60 max-sm:text-base";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Values that people compare by eye: ids, tokens. */
  mono?: boolean;
}

/** A text input with its label above; hint and error are read with it. */
export function Field({ label, hint, error, mono, className, ...input }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="font-medium text-ink text-xs">
        {label}
      </label>
      <input
        id={id}
        className={cx(INPUT, error ? "border-red" : "border-edge", mono && "font-mono")}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? noteId : undefined}
        {...input}
      />
      {note ? (
        <p id={noteId} className={cx("text-xs", error ? "text-red" : "text-faint")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  label: ReactNode;
  hint?: ReactNode;
}

/** A native checkbox with its label and an explanation. */
export function Checkbox({ label, hint, ...input }: CheckboxProps) {
  return (
    <label className="flex items-start gap-2 py-1">
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" {...input} />
      <span className="flex min-w-0 flex-col">
        <span className="text-ink text-sm">{label}</span>
        {hint ? <span className="text-faint text-xs">{hint}</span> : null}
      </span>
    </label>
  );
}
