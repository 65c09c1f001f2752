import { AffidavitError, describeFaults, type Fault } from "./error.ts";
import type { Receipt } from "./event.ts";
import type { Connection } from "./http.ts";

/** The server takes 1,000 events and 1 MiB a request; the rest is room for what stands around the events. */
export const REQUEST_EVENTS_MAX = 1_000;
export const REQUEST_BYTES_MAX = 1_000_000;
/** Most milliseconds of one attempt. */
export const ATTEMPT_MS_MAX = 10_000;

/** Events that are taken or refused together, unless they are more than one request can hold. */
export interface Parcel {
  events: readonly { json: string }[];
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

/** Sends one request of events. @throws AffidavitError, such as one that refuses them */
export type Post = (body: string, count: number) => Promise<Receipt[]>;

export function postTo({ connection, appId }: Route, timeoutMs: number): Post {
  const path = `/v1/events${appId === undefined ? "" : `?app_id=${encodeURIComponent(appId)}`}`;
  return async (body, count) => {
    const { receipts } = await connection.json<{ receipts?: Receipt[] }>({ method: "POST", path, body, timeoutMs });
    if (receipts?.length === count) return receipts;
    throw new AffidavitError("The answer has no receipt for each event: is it Affidavit?", {
      code: "unexpected_answer",
    });
  };
}

/** What a refusal says of each parcel, with pointers as if it had been sent alone. */
function faultsByParcel(parcels: readonly Parcel[], refusal: AffidavitError): Map<Parcel, Fault[]> {
  const owners = parcels.flatMap((parcel) => parcel.events.map((_, index) => ({ parcel, index })));
  const faults = new Map<Parcel, Fault[]>();
  for (const { pointer, message } of refusal.problem?.errors ?? []) {
    const [, number, rest = ""] = /^\/events\/(\d+)(.*)$/s.exec(pointer) ?? [];
    const owner = owners[Number(number)];
    if (!owner) continue;
    const own = { pointer: `/events/${owner.index}${rest}`, message };
    faults.set(owner.parcel, [...(faults.get(owner.parcel) ?? []), own]);
  }
  return faults;
}

/** A refusal as far as it is about one of the parcels. */
function narrowed(refusal: AffidavitError, errors: Fault[]): AffidavitError {
  const ending = describeFaults(refusal.problem?.errors);
  const general = refusal.message.slice(0, refusal.message.length - ending.length);
  const problem = { ...refusal.problem, errors };
  return new AffidavitError(general + describeFaults(errors), { ...refusal.options, problem });
}

function refuse(parcel: Parcel, refusal: AffidavitError): void {
  parcel.settled = true;
  parcel.refused(refusal);
}

function settle(parcels: readonly Parcel[], receipts: readonly Receipt[]): void {
  let at = 0;
  for (const parcel of parcels) {
    parcel.settled = true;
    parcel.taken(receipts.slice(at, at + parcel.events.length));
    at += parcel.events.length;
  }
}

function halves(parcels: readonly Parcel[]): Parcel[][] {
  const middle = Math.ceil(parcels.length / 2);
  return [parcels.slice(0, middle), parcels.slice(middle)];
}

/**
 * Refuses what is at fault: one bad event refuses a whole request.
 * @returns what is to be sent next: the others, or halves where nobody says which one it is
 * @throws the failure, where it refuses nothing
 */
function afterFailure(parcels: readonly Parcel[], error: unknown): Parcel[][] {
  if (!(error instanceof AffidavitError)) throw error;
  if (!error.refusesEvents) {
    // A proxy before the server may take less than it does, and says 413 on its own: smaller requests may pass.
    if (error.status === 413 && parcels.length > 1) return halves(parcels);
    throw error;
  }
  if (parcels.length === 1) {
    for (const parcel of parcels) refuse(parcel, error);
    return [];
  }
  const faults = faultsByParcel(parcels, error);
  for (const [parcel, errors] of faults) refuse(parcel, narrowed(error, errors));
  return faults.size > 0 ? [parcels.filter((parcel) => !parcel.settled)] : halves(parcels);
}

/**
 * Sends parcels that fit into one request; each is taken or refused in the end.
 * @throws what `post` does, where the server could not be asked; parcels that are not settled then are to be sent again
 */
export async function deliver(parcels: readonly Parcel[], post: Post): Promise<void> {
  const groups: (readonly Parcel[])[] = [parcels];
  for (let group = groups.shift(); group; group = groups.shift()) {
    if (group.length === 0) continue;
    const events = group.flatMap((parcel) => parcel.events.map(({ json }) => json));
    try {
      settle(group, await post(`{"events":[${events.join(",")}]}`, events.length));
    } catch (error) {
      groups.unshift(...afterFailure(group, error));
    }
  }
}
