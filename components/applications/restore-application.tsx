"use client";

import { restoreAppAction } from "@/lib/apps/apps.actions";
import { Button } from "../ui/button";
import { PAGE_TITLE_ID } from "../ui/settings-page";
import { useSay } from "../ui/toast";
import { useAct } from "../ui/use-act";

/** Takes an archived application into use again. */
export function RestoreApplication({ id, name }: { id: string; name: string }) {
  const say = useSay();
  const { run, busy, problem } = useAct(restoreAppAction, () => {
    say(`Restored “${name}”`);
    // The button goes with the entry, and would take the focus with it.
    document.getElementById(PAGE_TITLE_ID)?.focus({ preventScroll: true });
  });
  return (
    <span className="flex flex-col gap-1 md:items-end">
      <Button size="small" aria-label={`Restore ${name}`} disabled={busy} onClick={() => run({ id })}>
        {busy ? "Restoring…" : "Restore"}
      </Button>
      {problem ? (
        <span role="alert" className="text-red text-xs">
          {problem.detail}
        </span>
      ) : null}
    </span>
  );
}
