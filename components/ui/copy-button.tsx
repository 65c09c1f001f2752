"use client";

import { Check, Copy, X } from "lucide-react";
import { type Ref, useRef, useState } from "react";
import { Button } from "./button";
import { copyText } from "./copy-text";

type State = "idle" | "copied" | "failed";
const SHOWN_MS = 2_000;

interface CopyButtonProps {
  /** What is put on the clipboard. */
  text: string;
  label?: string;
  onCopied?: () => void;
  ref?: Ref<HTMLButtonElement>;
}

/** Copies a text and says so. Without a clipboard (plain http on another machine) it says that too. */
export function CopyButton({ text, label = "Copy", onCopied, ref }: CopyButtonProps) {
  const [state, setState] = useState<State>("idle");
  const timer = useRef<number>(undefined);
  const copy = async () => {
    const done = await copyText(text);
    setState(done ? "copied" : "failed");
    if (done) onCopied?.();
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setState("idle"), SHOWN_MS);
  };
  const Icon = { idle: Copy, copied: Check, failed: X }[state];
  return (
    <Button ref={ref} size="small" onClick={copy}>
      <Icon aria-hidden className="size-3.5" />
      <span aria-live="polite">{{ idle: label, copied: "Copied", failed: "Select and copy by hand" }[state]}</span>
    </Button>
  );
}
