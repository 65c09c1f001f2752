import { z } from "zod";
import { TailQuery } from "./events";
import { LIVE_SECONDS_MAX } from "./live-limits";

/** Requests and answers of the live stream. */
export const LiveQuery = TailQuery.pick({ app_id: true, kind: true }).extend({
  after: z.string().optional().meta({
    description: "A `next_cursor` of the tail, or an id of an earlier stream. Default: the newest row there is now.",
  }),
  seconds: z
    .string()
    .regex(/^\d{1,5}$/, { error: "must be a whole number of seconds" })
    .transform(Number)
    .refine((value) => value <= LIVE_SECONDS_MAX, { error: `must be at most ${LIVE_SECONDS_MAX}` })
    .optional()
    .meta({
      description:
        "Ends the stream by itself after so many seconds, once it has sent what there was at its beginning; 0 sends just that. Default: it goes on.",
      example: "60",
    }),
});
export const LiveHeaders = z.object({
  "Last-Event-ID": z.string().optional().meta({
    description:
      "The id of the last event that was taken: goes on strictly after it. Browsers send it by themselves. Or a bare seq; -1 for the very beginning. Goes before `after`.",
  }),
});

export const EventStream = z.string().meta({
  description:
    "Server-Sent Events: `row` events with one row as JSON each, and events without data that only carry an id.",
  example: 'retry: 1000\nid: MXQxLjE0\n\nid: MXQxLjE1\nevent: row\ndata: {"seq":41,…}\n\n',
});
