import "server-only";
import type { Subject } from "@/lib/access/granted";
import type { ACTOR_SOURCES } from "@/lib/log-kinds/system/categories";
import type { EventName } from "./events";

export interface Change {
  field: string;
  old?: unknown;
  new?: unknown;
}

/** One administrative act, as one row of the organization's system log will tell it. */
export interface Act {
  event: EventName;
  target?: { type: string; id: string | null; name: string | null };
  /** What is other than before; secrets as HIDDEN. */
  changes?: readonly Change[];
  details?: Readonly<Record<string, unknown>>;
  /** Default: success. */
  outcome?: "success" | "failure";
}

/** Who did it, through what, and in whose log it is told. */
export interface Author {
  orgId: string;
  source: (typeof ACTOR_SOURCES)[number];
  userId?: string | null;
  email?: string | null;
  keyPrefix?: string | null;
  clientIp?: string;
  userAgent?: string;
}

/** An act of the installation, which has no subject to take the author from. */
export interface SignedAct extends Act {
  by: Author;
}

/** In place of acts: the request was fulfilled already, or found nothing to do, and so nothing was written. */
export const NOTHING_CHANGED = "nothing changed";

/** What a mutation answers, and what it did. */
export interface Told<T, A extends Act = Act> {
  value: T;
  acts: readonly [A, ...A[]] | typeof NOTHING_CHANGED;
}

/** A subject as an author. The portal's requests carry its cookie, programs a key. */
export function authorOf({ orgId, actor, clientIp, userAgent }: Subject): Author {
  const origin = { orgId, clientIp, userAgent };
  if (actor.type === "user") return { ...origin, source: "portal", userId: actor.userId, email: actor.email };
  const { createdByUserId, createdByEmail, keyPrefix } = actor;
  return { ...origin, source: "api", userId: createdByUserId, email: createdByEmail, keyPrefix };
}

/** What differs between two states of a thing, field by field. Empty where nothing does. */
export function changesOf(
  old: Readonly<Record<string, unknown>>,
  fresh: Readonly<Record<string, unknown>>,
): readonly Change[] {
  return Object.keys(fresh).flatMap((field) => {
    const [before, after] = [old[field] ?? null, fresh[field] ?? null];
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, old: before, new: after }];
  });
}
