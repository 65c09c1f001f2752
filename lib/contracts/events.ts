import { z } from "zod";
import { parseMicros } from "@/lib/log-kinds/time";

/** Requests and answers of the row endpoints. Filter parameters come from the kinds' fields, not from here. */
const TIME_HINT = "must be an RFC 3339 time with a zone, not before 1700, such as 2026-11-22T00:01:02.345Z";
const PLUS_HINT =
  "has a space where its zone begins: in an address a + means a space, so write %2B02:00 for +02:00, or a UTC time with Z";
/** `2026-11-22T01:00:00 02:00`: what becomes of `+02:00` in a query string that was not encoded. */
const LOST_PLUS = /^\d{4}-\d\d-\d\dT\S+ \d\d:\d\d$/i;
const DIGITS = /^\d{1,16}$/;
/** µs of 2001: what is less was meant as seconds or milliseconds, and would read as January 1970. */
const LEAST_MICROS = 1e15;
const MICROS_HINT =
  "must count microseconds since 1970 when it is an integer (16 digits; 0 for the very beginning): multiply seconds by 1000000, milliseconds by 1000. Earlier times are written in RFC 3339";
const isOtherUnit = (text: string) => DIGITS.test(text) && Number(text) > 0 && Number(text) < LEAST_MICROS;

/** RFC 3339, or an integer of µs since 1970; read as µs. */
const micros = z
  .string()
  .refine((text) => !isOtherUnit(text), { error: MICROS_HINT, abort: true })
  .refine((text) => !LOST_PLUS.test(text), { error: PLUS_HINT, abort: true })
  .transform((text) => (DIGITS.test(text) ? Number(text) : parseMicros(text)))
  .refine((value): value is number => value !== undefined && Number.isSafeInteger(value), { error: TIME_HINT });
const limit = (most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, { error: "must be a whole number" })
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, { error: `must be from 1 to ${most}` })
    .default(usual)
    .meta({ description: `How many rows, at most ${most}; default ${usual}.`, example: String(usual) });

const appIds = z
  .array(z.string())
  .optional()
  .meta({
    description:
      "Application; repeat it for several, or `all`; `system` for the organization's own log. Default: the key's home app.",
    example: ["all"],
  });
const oneApp = z
  .string()
  .optional()
  .meta({ description: "Application, or `system` for the organization's own log. Default: the key's home app." });
const kind = z.string().optional().meta({ description: "Only rows of this kind.", example: "call" });
const from = micros
  .optional()
  .meta({ description: "Start of the window over occurred_at, inclusive.", example: "2026-11-21T00:00:00Z" });
const to = micros.optional().meta({ description: "End of the window, exclusive.", example: "2026-11-22T00:00:00Z" });
const asOf = z
  .string()
  .optional()
  .meta({ description: "An earlier answer's `snapshot`, or a seq where one app is addressed." });

export const IngestQuery = z.strictObject({ app_id: oneApp });
export const IngestHeaders = z.object({
  "Idempotency-Key": z.string().optional().meta({
    description:
      "1 to 255 printable ASCII characters: the same again within 24 hours, with the same body, is not stored twice.",
    example: "nightly-job-2026-11-22",
  }),
});

export const TailQuery = z.strictObject({
  app_id: oneApp,
  kind,
  after: z.string().optional().meta({ description: "The `next_cursor` of the previous answer." }),
  created_after: micros
    .optional()
    .meta({ description: "Rows created strictly after this time (six decimals) or integer of µs." }),
  limit: limit(1000, 100),
});

export const WindowQuery = z.strictObject({ app_id: appIds, kind, from, to, as_of: asOf });

export const SearchQuery = WindowQuery.extend({
  cursor: z.string().optional().meta({ description: "The `next_cursor` of the previous answer." }),
  limit: limit(200, 50),
});

export const HistogramQuery = WindowQuery.extend({
  buckets: z
    .string()
    .regex(/^\d{1,3}$/, { error: "must be a whole number from 1 to 500" })
    .transform(Number)
    .refine((value) => value >= 1 && value <= 500, { error: "must be from 1 to 500" })
    .default(60)
    .meta({
      description: "About how many buckets; the width is rounded up to a whole number of minutes.",
      example: "60",
    }),
});

export const DownloadQuery = WindowQuery.extend({
  format: z.enum(["csv"]).default("csv").meta({ description: "Only csv." }),
});

/** What the CSV's answer says about the file. Header names are printed as they are usually written. */
export const DownloadHeaders = z.strictObject({
  "Content-Disposition": z.string().meta({
    description: "The file's name; `-truncated` stands in it where there were more rows.",
    example: 'attachment; filename="affidavit-call-20261122T000000.csv"',
  }),
  "X-Affidavit-Rows": z.string().meta({ description: "How many rows the file has.", example: "100000" }),
  "X-Affidavit-Truncated": z
    .enum(["true", "false"])
    .meta({ description: "Whether there were more rows than the file has; it has the newest." }),
  "X-Affidavit-Csv": z.literal("apostrophe-v1").meta({ description: "How cells are written." }),
  "X-Affidavit-Kind": z.string().meta({ example: "call" }),
  "X-Affidavit-App": z
    .string()
    .meta({ description: "The applications, separated by commas; `all` for all that the key reads." }),
  "X-Affidavit-From": z.string().meta({ description: "Start of the window.", example: "2026-11-21T00:00:00.000Z" }),
  "X-Affidavit-To": z.string().meta({ description: "End of the window.", example: "2026-11-22T00:00:00.000Z" }),
  "X-Affidavit-Filter": z.string().meta({
    description: "The filter as the parameters that ask for it; empty without one.",
    example: "tool=get_object",
  }),
  "X-Affidavit-Snapshot": z
    .string()
    .meta({ description: "Sent back as `as_of` it pins a later question to these rows." }),
  Trailer: z.literal("x-affidavit-sha256").meta({
    description: "After the file: the SHA-256 of its bytes, in hex. Not over HTTP/1.0, and some proxies drop it.",
  }),
});

const ID = "0190a0f0-5c1e-4d5b-9d52-0c2f4f7a1b3c";
const id = z.uuid().meta({ description: "The event's own id, or the one that the server gave it.", example: ID });
const seq = z
  .number()
  .int()
  .meta({ description: "Place in the log: 0, 1, 2, … in commit order, without gaps.", example: 41 });
const createdAt = z.string().meta({
  description: "When the row was written, to the microsecond; strictly increasing per log.",
  example: "2026-11-22T00:01:02.345678Z",
});
const exact = z.boolean().meta({ description: "false: estimated from a sample.", example: true });
const hasMore = z
  .boolean()
  .meta({ description: "Whether there is more right now: ask again at once.", example: false });

export const Receipt = z.strictObject({
  id,
  seq,
  created_at: createdAt,
  status: z.enum(["created", "duplicate"]).meta({
    description: "duplicate: stored before, at this place.",
    example: "created",
  }),
});
export const IngestAnswer = z.strictObject({
  receipts: z.array(Receipt).meta({ description: "One an event, in the order of the request." }),
});

const rowShape = {
  id,
  seq,
  kind: z.string().meta({ description: "Kind of the row.", example: "call" }),
  schema_version: z.number().int().meta({ description: "Of the kind's fields.", example: 1 }),
  org_id: z.uuid().meta({ description: "The organization.", example: "0198b6a2-4e11-7a52-8f0e-6b3c9d2a7f45" }),
  app_id: z.string().meta({
    description: "The application whose log holds it; `system` of a row of the organization's own log.",
    example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
  }),
  created_at: createdAt,
  occurred_at: z
    .string()
    .meta({ description: "When it happened, as the producer said.", example: "2026-11-22T00:01:02.345Z" }),
};
const Row = z.looseObject(rowShape).meta({
  id: "Row",
  description:
    "The envelope of every row, and beside it the fields of its kind (those of CallEvent for a call). In a list, `has_more_fields` says that heavy fields were left out, and `cut_fields` names those that are only a beginning, or left out for their length.",
});
export const TailAnswer = z.strictObject({
  events: z.array(Row).meta({ description: "Ascending by seq." }),
  next_cursor: z.string().meta({ description: "To be sent as `after`. Also on an empty page.", example: "MXQxLjE1" }),
  has_more: hasMore,
  head_seq: z.number().int().meta({ description: "The newest row of the log; -1 when it is empty.", example: 41 }),
});
export const SearchAnswer = z.strictObject({
  events: z.array(Row).meta({ description: "Newest first." }),
  next_cursor: z.string().nullable().meta({ description: "To be sent as `cursor`; null at the end.", example: null }),
  has_more: hasMore,
  snapshot: z.string().meta({ description: "What this answer saw; to be sent as `as_of`.", example: "MWgxLjE2" }),
  partial: z.literal(true).optional().meta({ description: "A budget ended the walk; continue with next_cursor." }),
  searched_to: z.string().optional().meta({ description: "With partial: how far back the walk came." }),
});
const nearest = z.strictObject({
  occurred_at: z.string().nullable().meta({
    description: "When the newest row there happened; null: none was found.",
    example: "2026-11-20T17:01:02.345Z",
  }),
  partial: z
    .literal(true)
    .optional()
    .meta({ description: "A budget ended the walk before a row was met: there may be one." }),
  searched_to: z.string().optional().meta({ description: "With partial: how far back the walk came." }),
});
export const NearestAnswer = z.strictObject({
  earlier: nearest.meta({ description: "Before the window." }),
  later: nearest.meta({ description: "After the window, at its end or later." }),
});
export const EventQuery = z.strictObject({
  app_id: appIds.meta({ description: "Where to look; default: every app that you may address.", example: ["all"] }),
  created_at: micros.optional().meta({ description: "The row's created_at, where known: finds an old row at once." }),
});
export const EventAnswer = z.looseObject({
  ...rowShape,
  receipt: z.strictObject({ id, seq, created_at: createdAt }).meta({ description: "As the write was answered." }),
  position: z
    .strictObject({
      log_origin: z.uuid().meta({
        description: "Which log: the id of its application.",
        example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
      }),
      seq,
    })
    .meta({ description: "Its place." }),
});
const count = z.number().int().meta({ description: "How many rows.", example: 12 });
export const FacetsAnswer = z.strictObject({
  facets: z
    .array(
      z.strictObject({
        field: z.string().meta({ description: "Name of the field.", example: "outcome" }),
        values: z
          .array(
            z.strictObject({
              value: z.string().nullable().meta({ description: "null: rows without a value.", example: "success" }),
              count,
            }),
          )
          .meta({ description: "Most frequent first." }),
        other: z
          .number()
          .int()
          .meta({ description: "Rows with a value beyond the 200 that are counted by name.", example: 0 }),
        exact,
      }),
    )
    .meta({ description: "One a field with few values." }),
  total: count,
  exact,
});
export const HistogramAnswer = z.strictObject({
  bucket_seconds: z.number().int().meta({ description: "Width of a bucket, seconds.", example: 7_200 }),
  buckets: z
    .array(
      z.strictObject({
        from: z.string().meta({ description: "Start of the bucket, inclusive.", example: "2026-11-22T00:00:00.000Z" }),
        count,
        by_outcome: z
          .record(z.string(), z.number().int())
          .meta({ description: "The same by outcome.", example: { success: 11, policy_denial: 1 } }),
      }),
    )
    .meta({ description: "Oldest first." }),
  exact,
});
export const CsvText = z.string().meta({
  description: "A header line and one record a row.",
  example: "created_at,app_id,provider_id,…\r\n",
});

export type NearestAnswer = z.output<typeof NearestAnswer>;
export type SearchAnswer = z.output<typeof SearchAnswer>;
