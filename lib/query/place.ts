import "server-only";

/** A place in search order: newest first, then by log, then the newest seq first. Total: no two rows share one. */
export interface Place {
  occurredAtMicros: number;
  logId: number;
  seq: number;
}

/** Negative where `a` comes before `b` in a search answer. */
export function comparePlaces(a: Place, b: Place): number {
  return b.occurredAtMicros - a.occurredAtMicros || a.logId - b.logId || b.seq - a.seq;
}

/** The place that comes first, of those that there are. */
export function firstPlace(places: readonly (Place | undefined)[]): Place | undefined {
  return places.filter((place) => place !== undefined).sort(comparePlaces)[0];
}
