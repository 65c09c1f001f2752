import { Laptop } from "lucide-react";
import type { OpenSession } from "@/lib/contracts/account";
import { secondTime } from "../log-table/second-time";
import { describeAgent } from "./describe-agent";
import { EndSession } from "./end-session";

/** Where this person is signed in: this browser first. There is always at least this one. */
export function SessionList({ sessions }: { sessions: readonly OpenSession[] }) {
  return (
    <ul className="flex flex-col border-line border-t">
      {sessions.map((session) => {
        const device = describeAgent(session.user_agent);
        return (
          <li key={session.id} className="flex items-start gap-3 border-line border-b py-2.5">
            <Laptop aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
            <div className="flex min-w-0 flex-1 flex-col gap-0.5">
              <span className="font-medium" title={session.user_agent ?? undefined}>
                {device}
                {session.current ? (
                  <span className="ml-2 rounded-sm bg-accent-wash px-1.5 py-0.5 text-accent text-xs">This one</span>
                ) : null}
              </span>
              <span className="break-words text-muted text-xs">
                {session.client_ip ? (
                  <>
                    From <span className="font-mono">{session.client_ip}</span> ·{" "}
                  </>
                ) : null}
                Signed in {secondTime(session.created_at)} · Last seen {secondTime(session.last_seen_at)}
              </span>
            </div>
            {session.current ? null : <EndSession id={session.id} label={`Sign out ${device}`} />}
          </li>
        );
      })}
    </ul>
  );
}
