import type { Prepared } from "./emitter.ts";
import { AffidavitError } from "./error.ts";
import type { Receipt } from "./event.ts";
import type { Connection } from "./http.ts";

/** The server takes 1,000 events and 1 MiB a request; the rest is room for what stands around the events. */
export const REQUEST_EVENTS_MAX = 1_000;
export const REQUEST_BYTES_MAX = 1_000_000;
/** Most milliseconds of one attempt. */
export const ATTEMPT_MS_MAX = 10_000;

/** Events that are taken or refused together, unless they are more than one request can hold. */
export interface Parcel {
  events: readonly Prepared[];
  bytes: number;
  settled: boolean;
  taken(receipts: Receipt[]): void;
  refused(error: AffidavitError): void;
}

/** As many parcels from the front as fit into one request; at least one. */
export function fitting<P extends Parcel>(parcels: readonly P[], eventsMax: number): P[] {
  let [events, bytes, count] = [0, 0, 0];
  for (const parcel of parcels) {
    events += parcel.events.length;
    bytes += parcel.bytes;
    if (count > 0 && (events > eventsMax || bytes > REQUEST_BYTES_MAX)) break;
    count += 1;
  }
  return parcels.slice(0, count);
}

export interface Route {
  connection: Connection;
  appId: string | undefined;
}

async function post(parcels: readonly Parcel[], { connection, appId }: Route, timeoutMs: number): Promise<Receipt[]> {
  const events = parcels.flatMap((parcel) => parcel.events.map(({ json }) => json));
  const answer = await connection.json<{ receipts?: Receipt[] }>({
    method: "POST",
    path: `/v1/events${appId === undefined ? "" : `?app_id=${encodeURIComponent(appId)}`}`,
    body: `{"events":[${events.join(",")}]}`,
    timeoutMs,
  });
  if (answer.receipts?.length !== events.length) {
    throw new AffidavitError("The answer has no receipt for each event: is it Affidavit?", {
      code: "unexpected_answer",
    });
  }
  return answer.receipts;
}

/** Which of the parcels the faults of a refusal point into. */
function faultyOf(parcels: readonly Parcel[], refusal: AffidavitError): Set<Parcel> {
  const owner = parcels.flatMap((parcel) => parcel.events.map(() => parcel));
  const faulty = new Set<Parcel>();
  for (const { pointer } of refusal.problem?.errors ?? []) {
    const parcel = owner[Number(/^\/events\/(\d+)/.exec(pointer)?.[1] ?? Number.NaN)];
    if (parcel) faulty.add(parcel);
  }
  return faulty;
}

/** One bad event refuses a whole request, so the others go again without it, and it alone, to get its own answer. */
function regroup(parcels: readonly Parcel[], refusal: AffidavitError): Parcel[][] {
  const faulty = faultyOf(parcels, refusal);
  if (faulty.size === 0 || faulty.size === parcels.length) {
    const middle = Math.ceil(parcels.length / 2);
    return [parcels.slice(0, middle), parcels.slice(middle)];
  }
  return [parcels.filter((parcel) => !faulty.has(parcel)), ...[...faulty].map((parcel) => [parcel])];
}

function settle(parcels: readonly Parcel[], receipts: readonly Receipt[]): void {
  let at = 0;
  for (const parcel of parcels) {
    parcel.settled = true;
    parcel.taken(receipts.slice(at, at + parcel.events.length));
    at += parcel.events.length;
  }
}

/** What is to be asked next, after a refusal. @throws the failure, where it is none */
function afterFailure(group: readonly Parcel[], error: unknown): Parcel[][] {
  if (!(error instanceof AffidavitError)) throw error;
  const [only] = group;
  // A proxy before the server may take less than it does, and says 413 on its own: smaller requests may pass.
  if (group.length > 1 && (error.refusesEvents || error.status === 413)) return regroup(group, error);
  if (!only || !error.refusesEvents) throw error;
  only.settled = true;
  only.refused(error);
  return [];
}

/**
 * Sends parcels that fit into one request; each is taken or refused in the end.
 * @throws AffidavitError where the server could not be asked; parcels that are not settled then are to be sent again
 */
export async function deliver(parcels: readonly Parcel[], route: Route, timeoutMs: number): Promise<void> {
  const groups: (readonly Parcel[])[] = [parcels];
  for (let group = groups.shift(); group; group = groups.shift()) {
    try {
      settle(group, await post(group, route, timeoutMs));
    } catch (error) {
      groups.unshift(...afterFailure(group, error));
    }
  }
}
