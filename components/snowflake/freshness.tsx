import type { NewestRows } from "@/lib/contracts/newest-row";
import { silenceOf } from "../data-sources/silence";
import { Notice } from "../ui/notice";

/** An hourly task may be late twice. */
const SILENT_MS = 3 * 3_600_000;

function adviceFor({ query, custom }: NewestRows, now: string): string[] {
  const advice: string[] = [];
  if (query.state === "none")
    advice.push(
      "No query was recorded: without MONITOR on a warehouse Snowflake leaves its queries out, without an error.",
    );
  if (custom.state === "none")
    advice.push("No custom event has come. Until the SQL below has run, that is as it should be.");
  if (custom.state === "found" && Date.parse(now) - Date.parse(custom.createdAt) >= SILENT_MS)
    advice.push(
      "No custom event for hours: look at the task in Snowflake (it may be suspended) and at the grants below.",
    );
  return advice;
}

/** How long a Snowflake account has been silent: a missing grant or a suspended task shows only by this. */
export function Freshness({ newest, now }: { newest: NewestRows; now: string }) {
  const { text } = silenceOf(newest, now);
  const advice = adviceFor(newest, now);
  if (advice.length === 0) return <p className="text-muted text-sm">{text}.</p>;
  return (
    <Notice tone="warning" title={text}>
      {advice.join(" ")}
    </Notice>
  );
}
