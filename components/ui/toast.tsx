"use client";

import { useCallback, useRef, useState } from "react";

const SHOWN_MS = 4_000;

/** One short message at a time: what was just done, where nothing else shows it. */
export function useToast() {
  const [text, setText] = useState("");
  const timer = useRef<number>(undefined);
  const say = useCallback((next: string) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setText(""), SHOWN_MS);
  }, []);
  return { text, say };
}

/** Where messages appear. Always in the page: a live region that comes with its text is not announced. */
export function Toast({ text }: { text: string }) {
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-12 z-30 flex justify-center px-4">
      {text ? (
        <p className="max-w-full rounded-md border border-line bg-raised px-3 py-2 text-ink text-sm shadow-lg">
          {text}
        </p>
      ) : null}
    </div>
  );
}
