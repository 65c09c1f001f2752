import "server-only";
import { setTimeout as delay } from "node:timers/promises";
import type { Granted } from "@/lib/access/granted";
import { LIVE_HEARTBEAT_MS } from "@/lib/contracts/live-limits";
import { fromDatabase } from "@/lib/db/errors";
import { AppError } from "@/lib/errors/app-error";
import type { Filter } from "@/lib/filters/filter";
import { decodeTail, encodeTail, type TailCursor } from "./cursor";
import { rowsAfter } from "./head-watch";
import { headsOf, logOfApp } from "./log";
import { tailEvents } from "./tail";

export interface LiveQuery {
  appId: string;
  /** Strictly after this place. Default: the newest row there is now. */
  after?: TailCursor;
  kind?: string;
  filter: Filter;
  /** Ends by itself after so long, once it has reached what was the newest row at its beginning. Default: never. */
  seconds?: number;
}

/** For how long what. Tests set shorter ones. */
export interface LiveTiming {
  heartbeatMs: number;
  /** Whether the reader still may is asked so often, ms, while nothing comes. */
  renewIdleMs: number;
}

const TIMING: LiveTiming = { heartbeatMs: LIVE_HEARTBEAT_MS, renewIdleMs: 3_000 };

export interface LiveOptions {
  /** Ends the stream at once. */
  signal: AbortSignal;
  /** Who reads by now. @throws AppError once they may not */
  renew: () => Promise<Granted<"events:read">>;
  timing?: Partial<LiveTiming>;
}

export interface LiveRow {
  /** As the tail answers it. */
  json: string;
  /** The place after it. */
  cursor: string;
}

export interface LiveStep {
  rows: LiveRow[];
  /** The place after the last row that was looked at; with a filter it may be past the last row that was found. */
  cursor: string;
}

/** Rows of one look into the log. */
const PAGE_ROWS = 100;
/** A page that has more is given in parts: 100 rows of 256 KiB would stand in memory for as long as a client takes them. */
const STEP_CHARS = 1_048_576;
/** A filter that leaves out so many rows tells how far it came, so that a resumed stream does not walk them again. */
const MOVED_ROWS = 1_000;
/** Before rows are read: a reader who may no longer gets none after that time. As long as a key's check is remembered. */
const RENEW_MS = 1_000;
/** A database that is away is asked again so often, and for so long before the stream ends. */
const AGAIN_MS = 1_000;
const AWAY_MS = 30_000;

interface State {
  query: LiveQuery;
  options: LiveOptions;
  timing: LiveTiming;
  ctx: Granted<"events:read">;
  /** Times are of performance.now(), ms. */
  renewedAt: number;
  logId: number;
  /** Everything up to here was looked at. */
  seq: number;
  /** This place the client knows, and since when. */
  toldSeq: number;
  toldAt: number;
  isBehind: boolean;
  /** The newest row when the stream began. */
  headAtStart: number | undefined;
  endsAt: number;
  awaySince: number | undefined;
}

async function begin(ctx: Granted<"events:read">, query: LiveQuery, options: LiveOptions): Promise<State> {
  const log = await logOfApp(ctx, query.appId);
  const now = performance.now();
  const { logId, seq } = query.after ?? {
    logId: log.id,
    seq: ((await headsOf([log.id])).get(log.id) ?? 0) - 1,
  };
  return {
    query,
    options,
    timing: { ...TIMING, ...options.timing },
    ctx,
    renewedAt: now,
    logId,
    seq,
    toldSeq: seq,
    toldAt: now,
    isBehind: true,
    headAtStart: undefined,
    endsAt: query.seconds === undefined ? Infinity : now + query.seconds * 1_000,
    awaySince: undefined,
  };
}

/** What the tail answers after the place, or the beginning of it; moves the place on. */
async function readOn(state: State): Promise<LiveRow[]> {
  const { appId, kind, filter } = state.query;
  const { logId } = state;
  const page = await tailEvents(state.ctx, {
    appId,
    filter,
    limit: PAGE_ROWS,
    after: { logId, seq: state.seq },
    ...(kind !== undefined && { kind }),
  });
  const rows: LiveRow[] = [];
  let next = decodeTail(page.next_cursor).seq;
  let chars = 0;
  for (const event of page.events) {
    if (chars >= STEP_CHARS) {
      next = decodeTail(rows.at(-1)?.cursor ?? page.next_cursor).seq;
      break;
    }
    const json = JSON.stringify(event);
    chars += json.length;
    rows.push({ json, cursor: encodeTail({ logId, seq: event.seq }) });
  }
  state.seq = next;
  state.headAtStart ??= page.head_seq;
  state.isBehind = next < page.head_seq;
  return rows;
}

/** Asks who reads, where that was asked longer ago. @throws AppError once they may not read this log */
async function renew(state: State, olderThanMs: number): Promise<void> {
  if (performance.now() - state.renewedAt < olderThanMs) return;
  state.ctx = await state.options.renew();
  // An app may have been taken out of use, or from this reader.
  await logOfApp(state.ctx, state.query.appId);
  state.renewedAt = performance.now();
}

/** The next rows, as soon as there are some; none where it is time to look after something else. */
async function nextRows(state: State): Promise<LiveRow[]> {
  const { timing, options } = state;
  if (!state.isBehind) {
    const until = Math.min(state.toldAt + timing.heartbeatMs, state.renewedAt + timing.renewIdleMs, state.endsAt);
    const { logId, seq } = state;
    const found = await rowsAfter({ logId, seq }, { withinMs: until - performance.now(), signal: options.signal });
    if (options.signal.aborted) return [];
    if (!found) {
      await renew(state, timing.renewIdleMs);
      return [];
    }
  }
  await renew(state, RENEW_MS);
  return readOn(state);
}

/** The same, over a restart of the database: browsers do not come back to a stream that was refused once with a 503. */
async function nextRowsPatiently(state: State): Promise<LiveRow[]> {
  try {
    const rows = await nextRows(state);
    state.awaySince = undefined;
    return rows;
  } catch (thrown) {
    const error = fromDatabase(thrown);
    state.awaySince ??= performance.now();
    const isAway = error instanceof AppError && error.code === "unavailable";
    if (!isAway || performance.now() - state.awaySince > AWAY_MS) throw error;
    await delay(AGAIN_MS, undefined, { signal: state.options.signal }).catch(() => {});
    return [];
  }
}

const isOver = ({ endsAt, seq, headAtStart = -1 }: State) => performance.now() >= endsAt && seq >= headAtStart;

function isToBeTold(state: State): boolean {
  const moved = state.seq - state.toldSeq;
  const isDue = performance.now() - state.toldAt >= state.timing.heartbeatMs;
  return isDue || moved >= MOVED_ROWS || (moved > 0 && isOver(state));
}

/**
 * The rows of one log as they are written: the tail in a loop, so it never misses a row and gives none twice. The first step
 * has no rows and tells where the stream begins; then each has rows, or only tells how far it came. Nothing is read before
 * the last step was taken.
 * @throws AppError 400 `invalid_cursor`; once the reader may not read any more 401, 403, 404; 503
 */
export async function* liveEvents(
  ctx: Granted<"events:read">,
  query: LiveQuery,
  options: LiveOptions,
): AsyncGenerator<LiveStep, void> {
  const state = await begin(ctx, query, options);
  const cursorOf = (seq: number) => encodeTail({ logId: state.logId, seq });
  const start = cursorOf(state.seq);
  // Before the first step, so that what is wrong with the question is known by then.
  let rows = await readOn(state);
  yield { rows: [], cursor: start };
  while (!options.signal.aborted) {
    if (rows.length > 0 || isToBeTold(state)) {
      const { seq } = state;
      yield { rows, cursor: cursorOf(seq) };
      state.toldSeq = seq;
      state.toldAt = performance.now();
    }
    if (isOver(state)) return;
    rows = await nextRowsPatiently(state);
  }
}
