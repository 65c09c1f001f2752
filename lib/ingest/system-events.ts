import "server-only";
import type { Fault } from "@/lib/errors/app-error";
import type { KindDocument } from "@/lib/log-kinds/define";
import { system } from "@/lib/log-kinds/system/system";
import { readsAsOwnEvent } from "@/lib/system-audit/events";
import { OWN_SYSTEM } from "@/lib/system-audit/system-row";

type Sent = Record<string, unknown>;

const isSystem = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "kind" in event && event.kind === system.id;

/** Whether a request is about the organization's own log: one event of the kind is enough, for all have to be then. */
export function holdsSystemEvents(events: readonly unknown[]): boolean {
  return events.some(isSystem);
}

/** Without the flag u, so that no other letter counts as the other case of one of these. */
const NAME = /^[a-z0-9][a-z0-9_.:-]{0,127}$/i;
const NAME_RULE =
  "must be 1 to 128 of a-z, 0-9 and _ . : - (ASCII), beginning with a letter or digit; upper case is stored as lower case";

function nameFaults(event: Sent): Fault[] {
  return ["event", "source_system"].flatMap((field) => {
    const name = event[field];
    return typeof name === "string" && !NAME.test(name) ? [{ pointer: `/${field}`, message: NAME_RULE }] : [];
  });
}

/** What an outside system may not say of itself: that it is another kind of row, or that it is us. */
export function notForOutside(event: Sent): Fault[] {
  if (!isSystem(event)) {
    return [
      { pointer: "/kind", message: "must be system as the others are: one request writes one log. Send it by itself" },
    ];
  }
  const faults = nameFaults(event);
  const { source_system: source, event: name } = event;
  if (typeof source === "string" && source.toLowerCase().startsWith(OWN_SYSTEM)) {
    faults.push({
      pointer: "/source_system",
      message: "must name the system whose act it is, which is not Affidavit: no other name begins so",
    });
  }
  if (typeof name === "string" && readsAsOwnEvent(name))
    faults.push({ pointer: "/event", message: "names of Affidavit's own acts begin so; choose another" });
  return faults;
}

/** The names of an outside row in the one case that they are stored in. They match NAME. */
export function lowerNames(fields: KindDocument): void {
  for (const field of ["event", "source_system"]) fields[field] = String(fields[field]).toLowerCase();
}

/** For the log of an app. */
export function systemElsewhere(event: Sent): Fault[] {
  return isSystem(event) ? [{ pointer: "/kind", message: "system rows go to the organization's log" }] : [];
}
