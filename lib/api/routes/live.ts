import "server-only";
import { setMaxListeners } from "node:events";
import { grant } from "@/lib/access/door";
import { EventStream, LiveHeaders, LiveQuery } from "@/lib/contracts/live";
import { LIVE_STREAMS_MAX } from "@/lib/contracts/live-limits";
import { decodeTail, type TailCursor } from "@/lib/query/cursor";
import { liveEvents } from "@/lib/query/live";
import { withLiveSlot } from "@/lib/query/live-slots";
import { logOfApp } from "@/lib/query/log";
import { enterAgain } from "../context";
import { addressedLog, filterOf } from "../params";
import { type Api, type RouteInput, route } from "../route";
import { type LiveSending, sendLive } from "../send-live";

/** A place as `-1` or a seq: of the one log that a stream is of. */
const SEQ = /^(-1|\d{1,15})$/;

type Input = Pick<RouteInput<"events:read", typeof LiveQuery>, "c" | "subject" | "query">;

/** Where to begin. A browser that comes back repeats the address it began with, so its header goes before `after`. */
async function placeOf({ c, subject, query }: Input, appId: string): Promise<TailCursor | undefined> {
  const after = query.after === undefined ? undefined : decodeTail(query.after);
  const last = c.env.incoming.headers["last-event-id"];
  if (last === undefined || last === "") return after;
  const text = String(last);
  return SEQ.test(text) ? { logId: (await logOfApp(subject, appId)).id, seq: Number(text) } : decodeTail(text);
}

/** @param sending `stop` ends the streams that are open */
export function addLive(api: Api, sending: LiveSending): void {
  // One a stream; Node takes more than ten for a leak and warns.
  setMaxListeners(LIVE_STREAMS_MAX, sending.stop);
  route(
    api,
    {
      method: "get",
      path: "/v1/events/live",
      operation: "streamEvents",
      permission: "events:read",
      query: LiveQuery,
      headers: LiveHeaders,
      filters: true,
      answer: EventStream,
      produces: "text/event-stream",
    },
    async ({ c, ctx, subject, query, rest }) => {
      const appId = addressedLog(subject, query.app_id, query.kind);
      const filter = filterOf(rest, query.kind);
      const after = await placeOf({ c, subject, query }, appId);
      const { kind, seconds } = query;
      const asked = {
        appId,
        filter,
        ...(after && { after }),
        ...(kind !== undefined && { kind }),
        ...(seconds !== undefined && { seconds }),
      };
      const renew = async () => grant(await enterAgain(c), "events:read");
      return withLiveSlot(subject, () => sendLive(c, (signal) => liveEvents(ctx, asked, { signal, renew }), sending));
    },
  );
}
