import type { ReactNode } from "react";
import { Brand } from "../frame/brand";

/** The page outside: a title, a sentence, a form. */
export function Entrance({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className="isolated flex min-h-dvh flex-col items-center bg-surface px-4 py-12 sm:justify-center">
      <div className="flex w-full max-w-sm flex-col gap-5">
        <Brand />
        <div className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-5">
          <div className="flex flex-col gap-1">
            <h1 className="font-semibold text-base">{title}</h1>
            {lead ? <p className="text-muted text-sm">{lead}</p> : null}
          </div>
          {children}
        </div>
        <p className="text-muted text-xs">
          <a href="/docs/api" className="underline underline-offset-2 hover:text-ink">
            API reference
          </a>
        </p>
      </div>
    </main>
  );
}
