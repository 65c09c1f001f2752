"use client";

import { endSessionAction } from "@/lib/account/account.actions";
import { Button } from "../ui/button";
import { useAct } from "../ui/use-act";

/** Ends one of one's own sign-ins elsewhere. */
export function EndSession({ id, label }: { id: string; label: string }) {
  const { run, busy, problem } = useAct(endSessionAction, () => {});
  return (
    <span className="flex flex-col items-end gap-1">
      <Button size="small" aria-label={label} disabled={busy} onClick={() => run({ id })}>
        {busy ? "Signing out…" : "Sign out"}
      </Button>
      {problem ? (
        <span role="alert" className="text-red text-xs">
          {problem.detail}
        </span>
      ) : null}
    </span>
  );
}
