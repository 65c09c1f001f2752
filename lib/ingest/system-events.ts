import "server-only";
import type { Fault } from "@/lib/errors/app-error";
import { system } from "@/lib/log-kinds/system/system";
import { isOwnEvent } from "@/lib/system-audit/events";
import { OWN_SYSTEM } from "@/lib/system-audit/system-row";

type Sent = Record<string, unknown>;

const isSystem = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "kind" in event && event.kind === system.id;

/** Whether a request is about the organization's own log: one event of the kind is enough, for all have to be then. */
export function holdsSystemEvents(events: readonly unknown[]): boolean {
  return events.some(isSystem);
}

/** Without what cannot be seen, and in one of the forms that look alike to Unicode. */
const bare = (text: string) =>
  text
    .normalize("NFKC")
    .replaceAll(/[\p{Cf}\s]/gu, "")
    .toLowerCase();

/** What an outside system may not say of itself: that it is another kind of row, or that it is us. */
export function notForOutside(event: Sent): Fault[] {
  if (!isSystem(event)) {
    return [
      { pointer: "/kind", message: "must be system as the others are: one request writes one log. Send it by itself" },
    ];
  }
  const faults: Fault[] = [];
  const { source_system: source, event: name } = event;
  if (typeof source === "string" && bare(source) === OWN_SYSTEM)
    faults.push({ pointer: "/source_system", message: "must name the system whose act it is, which is not Affidavit" });
  if (typeof name === "string" && isOwnEvent(bare(name))) {
    faults.push({
      pointer: "/event",
      message: "is written by Affidavit itself; give the act of another system a name of its own",
    });
  }
  return faults;
}

/** For the log of an app. */
export function systemElsewhere(event: Sent): Fault[] {
  return isSystem(event) ? [{ pointer: "/kind", message: "system rows go to the organization's log" }] : [];
}
