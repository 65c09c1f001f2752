"use client";

import type { DataSource } from "@/lib/contracts/data-sources";
import { testDataSourceAction } from "@/lib/data-sources/data-sources.actions";
import { Button } from "../ui/button";
import { useSay } from "../ui/toast";
import { useAct } from "../ui/use-act";

/** Tries the connection; what was found shows in the entry. */
export function TestSource({ source: { id, name } }: { source: DataSource }) {
  const say = useSay();
  const { run, busy, problem } = useAct(testDataSourceAction, ({ last_test }) =>
    say(last_test?.ok ? `“${name}” can be reached` : `The test of “${name}” failed`),
  );
  return (
    <>
      <Button size="small" aria-label={`Test ${name}`} disabled={busy} onClick={() => run({ id })}>
        {busy ? "Testing…" : "Test"}
      </Button>
      {problem ? (
        <span role="alert" className="text-red text-xs">
          {problem.detail}
        </span>
      ) : null}
    </>
  );
}
