import { ATTEMPT_MS_MAX } from "./delivery.ts";
import { AffidavitError } from "./error.ts";
import type { Row } from "./event.ts";
import { holeInTail } from "./gaps.ts";
import type { Connection } from "./http.ts";
import { retrying, sleep } from "./retry.ts";

/** Field → exact value, ignoring case; all must match. */
export type Filters = Record<string, string | number>;

export interface TailOptions {
  /** The cursor that you persisted; absent: from the beginning of the log. */
  after?: string | undefined;
  kind?: string;
  filters?: Filters;
  /** Rows a page, at most 1,000; default 500. */
  limit?: number;
  /** With `follow`: how long to wait at the end of the log, ms; default 1,000. */
  pollMs?: number;
  /** Ends the iteration, quietly. */
  signal?: AbortSignal;
  /** Go on for ever instead of ending at the end of the log, also through outages. */
  follow?: boolean;
  /** Another app than the client's. */
  appId?: string;
}

export interface TailPage {
  /** In the order of the log. May be empty with a filter: the cursor has moved past rows that it left out. */
  events: Row[];
  /** Persist it after you have written the events. */
  cursor: string;
}

export interface SearchOptions {
  kind?: string;
  /** Window over occurred_at: from inclusive, to exclusive. */
  from: string | Date;
  to: string | Date;
  /** At most 200; default 50. */
  limit?: number;
  cursor?: string | undefined;
  /** One app, several, or `all`; default: the client's. */
  appId?: string | string[];
  filters?: Filters;
  signal?: AbortSignal;
}

export interface SearchPage {
  /** Newest first, without headers and bodies. */
  events: Row[];
  next_cursor: string | null;
  has_more: boolean;
  snapshot: string;
  /** The search was cut short by its budget: `next_cursor` goes on. */
  partial?: true;
  searched_to?: string;
}

type Parameters = Record<string, string | number | Date | readonly string[] | undefined>;

function queryOf(parameters: Parameters, filters: Filters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, ...parameters })) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as string[]) : [value])
      query.append(name, one instanceof Date ? one.toISOString() : String(one));
  }
  return query.toString();
}

interface Source {
  connection: Connection;
  appId: string | undefined;
  /** How long a failing read is repeated, ms. */
  timeoutMs: number;
}

function read<T>(
  source: Source,
  path: string,
  until: { deadline: number; signal?: AbortSignal | undefined },
): Promise<T> {
  return retrying(
    (remainingMs) =>
      source.connection.json<T>({
        method: "GET",
        path,
        timeoutMs: Math.min(remainingMs, Math.max(ATTEMPT_MS_MAX, source.timeoutMs)),
        signal: until.signal,
      }),
    until,
  );
}

/** One page. @throws AffidavitError */
export function search(source: Source, options: SearchOptions): Promise<SearchPage> {
  const { kind, from, to, limit, cursor, appId = source.appId, filters, signal } = options;
  const query = queryOf({ kind, from, to, limit, cursor, app_id: appId }, filters);
  return read(source, `/v1/events/search?${query}`, { deadline: Date.now() + source.timeoutMs, signal });
}

interface TailAnswer {
  events: Row[];
  next_cursor: string;
  has_more: boolean;
}

function checkNoHole(events: readonly Row[], last: number | undefined): void {
  const hole = holeInTail(events, last);
  if (hole !== undefined) throw new AffidavitError(hole, { code: "gap_in_tail" });
}

async function readPage(
  source: Source,
  options: TailOptions,
  after: string | undefined,
): Promise<TailAnswer | undefined> {
  const { kind, filters, limit = 500, appId = source.appId, follow = false, signal } = options;
  const query = queryOf({ after, kind, limit, app_id: appId }, filters);
  const deadline = follow ? Number.POSITIVE_INFINITY : Date.now() + source.timeoutMs;
  try {
    return await read<TailAnswer>(source, `/v1/events?${query}`, { deadline, signal });
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** Pages of one log in the order of the log; see Affidavit.tail. */
export async function* tail(source: Source, options: TailOptions): AsyncGenerator<TailPage, void, undefined> {
  const { kind, filters = {}, pollMs = 1_000, follow = false, signal } = options;
  const isWhole = kind === undefined && Object.keys(filters).length === 0;
  let { after } = options;
  let last: number | undefined;
  while (!signal?.aborted) {
    const page = await readPage(source, options, after);
    if (!page) return;
    if (isWhole) checkNoHole(page.events, last);
    last = page.events.at(-1)?.seq ?? last;
    const hasMoved = page.next_cursor !== after;
    after = page.next_cursor;
    if (page.events.length > 0 || hasMoved) yield { events: page.events, cursor: after };
    if (page.has_more) continue;
    if (!follow || !(await sleep(pollMs, signal))) return;
  }
}
