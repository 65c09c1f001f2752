import "server-only";
import { AppError } from "@/lib/errors/app-error";
import type { Granted, GrantedAny, Subject } from "./granted";
import type { Permission } from "./policy";

/** Names the organization's own log where an app's id names that app's: its system rows. */
export const SYSTEM_LOG = "system";

function refusal({ actor }: Subject, names: string): AppError {
  return new AppError("forbidden", {
    detail:
      actor.type === "key"
        ? `This API key lacks the scope ${names}. Use a key that has it.`
        : `Your role lacks the permission ${names}. Ask an owner or admin of the organization.`,
    extra: { missing_scope: names },
  });
}

/**
 * The one place that turns "who is this" into "may do that". Routes, server actions and pages all come through here.
 * @throws AppError 403 `forbidden`, naming the scope or permission that is missing
 */
export function grant<P extends Permission>(subject: Subject, ...permissions: P[]): Granted<P> {
  const missing = permissions.filter((permission) => !subject.permissions.has(permission));
  if (missing.length > 0) throw refusal(subject, missing.join(", "));
  return subject as Granted<P>;
}

/**
 * The same where any one of several permissions suffices.
 * @throws AppError 403 `forbidden`, naming all of them
 */
export function grantAny<P extends Permission>(subject: Subject, permissions: readonly P[]): GrantedAny<P> {
  if (!permissions.some((permission) => subject.permissions.has(permission)))
    throw refusal(subject, permissions.join(" or "));
  return subject as GrantedAny<P>;
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
