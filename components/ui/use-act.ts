"use client";

import { useState, useTransition } from "react";
import type { Problem } from "@/lib/errors/problem";

type Result<T> = { ok: true; data: T } | { ok: false; problem: Problem };

/** A server action as `action` makes it. */
export type Act<I, T> = (input: I) => Promise<Result<T>>;

/** Runs a server action once at a time and keeps what it was refused for. */
export function useAct<I, T>(act: Act<I, T>, onDone: (data: T) => void) {
  const [problem, setProblem] = useState<Pick<Problem, "title" | "detail" | "errors">>();
  const [busy, start] = useTransition();
  const run = (input: I) =>
    start(async () => {
      const result = await act(input).catch(() => undefined);
      if (result?.ok) {
        setProblem(undefined);
        onDone(result.data);
      } else {
        setProblem(
          result?.problem ?? { title: "No answer", detail: "The server cannot be reached. Try again.", errors: [] },
        );
      }
    });
  /** What is wrong with one field of the input. */
  const errorOf = (name: string) => problem?.errors.find(({ pointer }) => pointer === `/${name}`)?.message;
  return { run, busy, problem, errorOf, forget: () => setProblem(undefined) };
}
