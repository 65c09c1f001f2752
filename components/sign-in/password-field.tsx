"use client";

import { Eye, EyeOff } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { cx } from "../ui/class-names";
import { INPUT } from "../ui/field";

interface PasswordFieldProps {
  label: string;
  name: string;
  /** Tells password managers whether to fill in or to make one up. */
  autoComplete: "current-password" | "new-password";
  hint?: ReactNode;
  error?: string | undefined;
  minLength?: number;
}

/** An input for a password: can be shown, and says when Caps Lock is on. */
export function PasswordField({ label, error, hint, ...input }: PasswordFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  // Only key presses tell the state of Caps Lock. The words stay when the input is left: pressing the button below leaves
  // it, and were they to go then, the button would move away from under the mouse.
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  const note = error ?? hint;
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-ink text-xs">
        {label}
      </label>
      <span className="relative flex">
        <input
          id={id}
          type={shown ? "text" : "password"}
          className={cx(INPUT, "pr-9", error ? "border-red" : "border-edge")}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-note ${id}-caps`}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          onKeyDown={look}
          onKeyUp={look}
          {...input}
        />
        <button
          type="button"
          aria-label="Show what is typed"
          aria-pressed={shown}
          title={shown ? "Hide it" : "Show it"}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 flex w-8 items-center justify-center rounded-md text-faint outline-offset-[-2px] hover:text-ink"
        >
          <Icon aria-hidden className="size-4" />
        </button>
      </span>
      <p id={`${id}-note`} className={cx("text-xs empty:hidden", error ? "text-red" : "text-faint")}>
        {note}
      </p>
      <p id={`${id}-caps`} role="status" className="text-amber text-xs empty:hidden">
        {capsLock ? "Caps Lock is on." : null}
      </p>
    </div>
  );
}
