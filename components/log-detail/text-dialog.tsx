"use client";

import { counted } from "../ui/amounts";
import { CopyButton } from "../ui/copy-button";
import { Dialog } from "../ui/dialog";
import { visibleText } from "./visible-text";

interface TextDialogProps {
  title: string;
  /** As it was logged; this is what is copied. */
  text: string;
  open: boolean;
  onClose: () => void;
}

/** A text too long for its cell, whole: wrapped, every character visible, to be copied as it was logged. */
export function TextDialog({ title, text, open, onClose }: TextDialogProps) {
  const shown = text.split("\n").map(visibleText).join("\n");
  return (
    <Dialog title={title} place="wide" open={open} onOpenChange={(next) => next || onClose()}>
      <div className="min-h-0 flex-1 overflow-y-auto px-4">
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll must be reachable by keyboard.
          tabIndex={0}
          className="max-h-[60dvh] overflow-y-auto rounded-md border border-line bg-page p-3 font-mono text-xs leading-[1.125rem] whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {shown}
        </pre>
      </div>
      <div className="flex items-center justify-between gap-3 px-4 py-3">
        <span className="text-muted text-xs">{counted(text.length, "character")}</span>
        <CopyButton text={text} />
      </div>
    </Dialog>
  );
}
