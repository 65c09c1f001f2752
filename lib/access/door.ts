import "server-only";
import { AppError } from "@/lib/errors/app-error";
import type { Granted, Subject } from "./granted";
import type { Permission } from "./policy";

/** Names the organization's own log where an app's id names that app's: its system rows. */
export const SYSTEM_LOG = "system";

/**
 * The one place that turns "who is this" into "may do that". Routes, server actions and pages all come through here.
 * @throws AppError 403 `forbidden`, naming the scope or permission that is missing
 */
export function grant<P extends Permission>(subject: Subject, ...permissions: P[]): Granted<P> {
  const missing = permissions.filter((permission) => !subject.permissions.has(permission));
  if (missing.length > 0) {
    const names = missing.join(", ");
    throw new AppError("forbidden", {
      detail:
        subject.actor.type === "key"
          ? `This API key lacks the scope ${names}. Use a key that has it.`
          : `Your role lacks the permission ${names}. Ask an owner or admin of the organization.`,
      extra: { missing_scope: names },
    });
  }
  return subject as Granted<P>;
}

/**
 * For a route that takes several permissions for several things, and asks for the right one itself later on.
 * @throws AppError 403 `forbidden`, naming the first, where there is none of them
 */
export function admitWithAny(subject: Subject, first: Permission, ...others: Permission[]): void {
  if (!others.some((permission) => subject.permissions.has(permission))) grant(subject, first);
}

/**
 * The app that a request addresses: the one it names, else home. Apps of other organizations, archived ones and ones
 * that this subject was not given are all the same "not found", so that ids of others tell nothing.
 */
export function addressedApp(subject: Subject, appId: string | undefined): string {
  if (appId === SYSTEM_LOG && subject.seesWholeOrganization) return SYSTEM_LOG;
  const id = appId ?? subject.homeAppId;
  if (id === undefined)
    throw new AppError("not_found", "There is no application yet. Make one under Settings → Applications.");
  if (!subject.appIds.includes(id)) {
    throw new AppError("not_found", "There is no application with that id that you may use.");
  }
  return id;
}
