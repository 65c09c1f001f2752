import "server-only";
import type { Actor, Subject } from "@/lib/access/granted";
import {
  LIVE_STREAMS_MAX,
  LIVE_STREAMS_OF_ONE_MAX,
  LIVE_STREAMS_OF_ORGANIZATION_MAX,
} from "@/lib/contracts/live-limits";
import { AppError } from "@/lib/errors/app-error";

const RETRY_AFTER_SECONDS = 5;

interface Slot {
  orgId: string;
  /** The key, or the sign-in: two browsers of one person are two. */
  who: string;
}

/** Whose streams are open: each holds a connection and, while its client is slow, some 1 MiB. */
const open = new Set<Slot>();

const whoOf = (actor: Actor) => (actor.type === "key" ? `key ${actor.keyId}` : `session ${actor.sessionId}`);

function tooMany({ orgId, who }: Slot): string | undefined {
  const all = [...open];
  if (all.filter((one) => one.who === who).length >= LIVE_STREAMS_OF_ONE_MAX)
    return `This key or sign-in has ${LIVE_STREAMS_OF_ONE_MAX} live streams open already. Close one first.`;
  if (all.filter((one) => one.orgId === orgId).length >= LIVE_STREAMS_OF_ORGANIZATION_MAX)
    return "Your organization has too many live streams open. Close one, or read the tail instead.";
  if (all.length >= LIVE_STREAMS_MAX)
    return "Too many live streams are open. Ask again later, or read the tail instead.";
  return undefined;
}

/**
 * Runs one live stream, from its first question to its end.
 * @throws AppError 503 `unavailable` with Retry-After where too many are open
 */
export async function withLiveSlot<T>({ orgId, actor }: Subject, stream: () => Promise<T>): Promise<T> {
  const slot = { orgId, who: whoOf(actor) };
  const detail = tooMany(slot);
  if (detail !== undefined) throw new AppError("unavailable", { detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
  open.add(slot);
  try {
    return await stream();
  } finally {
    open.delete(slot);
  }
}
