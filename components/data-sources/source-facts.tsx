import { CircleAlert, CircleCheck, CircleSlash, TriangleAlert } from "lucide-react";
import type { DataSource } from "@/lib/contracts/data-sources";
import type { NewestRows } from "@/lib/contracts/newest-row";
import { secondTime } from "../log-table/second-time";
import { silenceOf } from "./silence";

/** That it is out of use. Of one in use only a test says whether it can be reached: a mark of its own would contradict it. */
export function SourceState({ state }: Pick<DataSource, "state">) {
  if (state === "connected") return null;
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-muted text-xs">
      <CircleSlash aria-hidden className="size-3.5" />
      Disconnected
    </span>
  );
}

/** What the last test found. */
export function LastTest({ source: { last_test, last_tested_at, host } }: { source: DataSource }) {
  if (host === null) return <span className="text-muted text-xs">No connection kept: rows come by API</span>;
  if (last_test === null || last_tested_at === null) return <span className="text-muted text-xs">Not tested yet</span>;
  const Icon = last_test.ok ? CircleCheck : CircleAlert;
  return (
    <span className={`flex gap-1.5 text-xs ${last_test.ok ? "text-muted" : "text-red"}`}>
      <Icon aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        {last_test.ok ? "" : "Last test failed: "}
        {last_test.message} <span className="text-faint">{secondTime(last_tested_at)}</span>
      </span>
    </span>
  );
}

/** Whether rows still come: silence is what a missing grant looks like. */
export function Silence({ newest, now }: { newest: NewestRows; now: string }) {
  const { text, silent } = silenceOf(newest, now);
  return (
    <span className={`inline-flex items-center gap-1 text-xs ${silent ? "text-amber" : "text-muted"}`}>
      {silent ? <TriangleAlert aria-hidden className="size-3.5 shrink-0" /> : null}
      {text}
    </span>
  );
}
