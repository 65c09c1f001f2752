"use client";

import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";

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
    <div
      role="status"
      // Said out loud, though a status is polite anyway: only so does a box that is just closing leave it to be read.
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-12 z-30 flex justify-center px-4"
    >
      {text ? (
        <p className="max-w-full rounded-md border border-line bg-raised px-3 py-2 text-ink text-sm shadow-lg">
          {text}
        </p>
      ) : null}
    </div>
  );
}

const Say = createContext<(text: string) => void>(() => {});

/** A page whose parts say what they did with `useSay`: also those that what they did takes away. */
export function SayProvider({ children }: { children: ReactNode }) {
  const { text, say } = useToast();
  return (
    <Say value={say}>
      {children}
      <Toast text={text} />
    </Say>
  );
}

export const useSay = () => useContext(Say);
