import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { currentSubject } from "./current-subject";
import { grant } from "./door";
import type { Granted, Subject } from "./granted";
import { PATH_HEADER } from "./path-header";
import type { Permission } from "./policy";

/** The signed-in person, or off to /sign-in and back here afterwards. */
async function signedIn(): Promise<Subject> {
  const subject = await currentSubject();
  if (subject) return subject;
  const asked = (await headers()).get(PATH_HEADER);
  redirect(asked && asked !== "/" ? `/sign-in?next=${encodeURIComponent(asked)}` : "/sign-in");
}

/**
 * The door of a page. Whoever lacks a permission gets "not found": the navigation does not show the page either.
 */
export async function page<P extends Permission>(...permissions: P[]): Promise<Granted<P>> {
  const subject = await signedIn();
  if (permissions.some((permission) => !subject.permissions.has(permission))) notFound();
  return grant(subject, ...permissions);
}

/** Why somebody who is signed in may not see a page. */
export interface Refused {
  refused: true;
  role: string;
}

/**
 * The door of a page whose address is no secret: whoever lacks a permission is told so in place, by the page itself.
 */
export async function pageOrRefusal<P extends Permission>(...permissions: P[]): Promise<Granted<P> | Refused> {
  const subject = await signedIn();
  if (permissions.every((permission) => subject.permissions.has(permission))) return grant(subject, ...permissions);
  return { refused: true, role: subject.actor.type === "user" ? subject.actor.role : "" };
}
