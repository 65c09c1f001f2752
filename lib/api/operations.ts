import "server-only";
import type { ErrorCode } from "@/lib/errors/codes";
import { DATA_SOURCE_OPERATIONS } from "./data-source-operations";
import { BODY_ERRORS, type OperationDoc } from "./operation-doc";

/** May be the answer to any request. */
export const COMMON_ERRORS: readonly ErrorCode[] = [
  "unauthenticated",
  "forbidden",
  "invalid_query",
  "rate_limited",
  "internal",
  "unavailable",
];
const WINDOW = "kind=call&from=2026-11-21T00:00:00Z&to=2026-11-23T00:00:00Z";
const WINDOW_ERRORS: readonly ErrorCode[] = ["window_required", "invalid_cursor", "not_found"];

export const OPERATIONS = {
  writeEvents: {
    tag: "Write",
    summary: "Write 1 to 1,000 events",
    description: `One event, an array, \`{"events": […]}\`, or NDJSON (\`application/x-ndjson\`), at most 1 MiB without compression, plain or gzip. The answer has one receipt per event, in order, after all of them are committed.

All or nothing: one bad event refuses the request, with a pointer to each fault.

Repeating is safe: the same \`id\` with the same body within 30 days is a \`duplicate\` with the first one's place; with another body it is 409. \`Idempotency-Key\` does that for whole requests, for 24 hours.`,
    errors: [...BODY_ERRORS, "idempotency_conflict", "not_found"],
    sample: {
      body: {
        kind: "call",
        occurred_at: "2026-11-22T00:01:02.345Z",
        provider_id: "google-calendar",
        method: "GET",
        url: "https://www.googleapis.com/calendar/v3/events",
        response_status: 200,
        latency_ms: 184,
        outcome: "success",
        principal_user_id: "user_8412",
        reason: "Find a free slot for the interview",
      },
    },
  },
  writeCustomEvents: {
    tag: "Write",
    summary: "Write 1 to 1,000 custom events",
    description: `An array of records of your own making, each an object or a JSON string of one (as Snowflake's \`TO_JSON\` makes it), at most 262,144 bytes a submission, plain or gzip, counted with and without compression. For more, split it into several requests.

A record has \`event_type\`, \`content_type\`, \`event_details\` (an object) and, if known, \`event_time\` in milliseconds since 1970; \`null\` is the same as absent. An \`event_time\` more than 72 hours old or more than 24 hours ahead is kept, but the row is found by the time of its submission: \`time_source\` says by which.

All or nothing, with a pointer to each fault. Nothing in \`event_details\` is redacted: leave out what must not be kept.`,
    errors: [...BODY_ERRORS, "idempotency_conflict", "not_found"],
    sample: {
      body: [
        {
          event_type: "LOGIN",
          content_type: "application/json",
          event_details: { user_name: "ANA", client_ip: "198.51.100.7", is_success: "YES", error_code: null },
          event_time: null,
        },
      ],
    },
  },
  writeSnowflakeCustomEvents: {
    tag: "Write",
    summary: "Write custom events from a Snowflake external function",
    description: `Speaks Snowflake's external-function protocol: \`{"data": [[0, argument], …]}\` is answered with \`{"data": [[0, result], …]}\`, rows in order. An argument is a record of \`POST /v1/custom-events\`, an array of records, or a JSON string of either. The limits are the same, 262,144 bytes and 1,000 records a request.

Each record stands for itself: those that are right are stored, and the row says how many and what is wrong with the others. Snowflake sends a batch again after 429, 5xx or a broken connection: by \`sf-external-function-query-batch-id\` it is then not stored twice and answered the same, for 24 hours.`,
    errors: [
      "malformed_json",
      "malformed_protocol",
      "invalid_utf8",
      "invalid_encoding",
      "invalid_request",
      "payload_too_large",
      "unsupported_media_type",
      "timeout",
      "idempotency_conflict",
      "not_found",
    ],
    sample: {
      body: {
        data: [
          [
            0,
            [
              {
                event_type: "LOGIN",
                content_type: "application/json",
                event_details: { user_name: "ANA", is_success: "YES" },
              },
            ],
          ],
        ],
      },
    },
  },
  tailEvents: {
    tag: "Read",
    summary: "Tail one log: the next rows in commit order",
    description: `Rows strictly after a cursor, ascending by \`seq\`. It never misses a row: \`seq\` is given in commit order, so what is not visible yet comes later.

Keep \`next_cursor\` of each answer, also of an empty one, and send it as \`after\`. Ask again at once while \`has_more\`, else after a pause. With a filter the cursor moves past rows that were left out.`,
    errors: ["invalid_cursor", "not_found"],
    sample: { query: "limit=10" },
  },
  streamEvents: {
    tag: "Read",
    summary: "Follow one log live, as Server-Sent Events",
    description: `Rows as they are written, ascending by \`seq\`, each as an event \`row\` whose \`data\` is the row as the tail answers it and whose \`id\` is the cursor after it. It begins at the newest row there is, after the cursor in \`after\`, or after \`Last-Event-ID\`, by which a browser's EventSource goes on by itself: no row is missed and none comes twice. A program may go on with the tail from an \`id\`, and the other way round.

Events without data carry only an \`id\`: at the beginning, every 15 seconds, and when a filter has left out many rows, so that a resumed stream does not walk them again. Whoever parses the stream keeps that \`id\`, too.

The stream ends when the server stops, the key is revoked, the session is over or the application is taken out of use, and when nothing of it is taken for 30 seconds. The system log tells of it as of a view of the log.`,
    errors: ["invalid_cursor", "not_found"],
    sample: { query: "seconds=1" },
  },
  searchEvents: {
    tag: "Read",
    summary: "Search a time window, newest first",
    description: `The window is over \`occurred_at\`; both ends are required. Further parameters are filters: a field's name and one exact value, case-insensitive, all of them required to hold. Rows come without headers and bodies (\`has_more_fields\`).

Where a search would take too long, the answer is what was found so far, with \`partial\` and \`searched_to\`; \`next_cursor\` goes on. \`snapshot\`, sent back as \`as_of\`, pins later questions to what this answer saw.`,
    errors: WINDOW_ERRORS,
    sample: { query: `${WINDOW}&outcome=success&limit=10` },
  },
  findNearest: {
    tag: "Read",
    summary: "When the nearest rows outside a window happened",
    description:
      "Takes the question of a search and answers two times: of the newest row before the window and of the newest row after it. It shows no row. The system log tells of it as of a view of the window asked for, which is one row together with the search of that window; nothing is told of the time before and after it.",
    errors: WINDOW_ERRORS,
    sample: { query: WINDOW },
  },
  countValues: {
    tag: "Read",
    summary: "Count the rows of a window per value",
    description:
      "Takes the question of a search and counts, for every field with few values, how many rows have which. `exact` says whether a figure is counted or estimated.",
    errors: WINDOW_ERRORS,
    sample: { query: WINDOW },
  },
  countOverTime: {
    tag: "Read",
    summary: "Count the rows of a window over time, by outcome",
    description: "Takes the question of a search. `exact` says whether the figures are counted or estimated.",
    errors: WINDOW_ERRORS,
    sample: { query: `${WINDOW}&buckets=24` },
  },
  readEvent: {
    tag: "Read",
    summary: "Read one row whole, with its receipt and place",
    description:
      "All fields, also headers and bodies. The id is the event's, as its receipt gave it. Unknown ids and ids of others are the same 404.",
    errors: ["not_found"],
    sample: {},
  },
  downloadCsv: {
    tag: "Export",
    summary: "Download the rows of a window as CSV",
    description: `Takes the question of a search and streams CSV (RFC 4180, UTF-8, CRLF, times in UTC), newest first: at most the newest 100,000 rows. \`X-Affidavit-Rows\` says how many there are, \`X-Affidavit-Truncated\` whether more match; both are settled before the first byte. The SHA-256 of the file follows it as a trailer.

A text cell that a spreadsheet could take for a formula gets one leading apostrophe, and so does one that begins with an apostrophe: drop one to undo it.`,
    errors: WINDOW_ERRORS,
    sample: { query: `format=csv&${WINDOW}` },
  },
  listApps: {
    tag: "Applications",
    summary: "List applications",
    description:
      "Those that the key may use, oldest first, without archived ones; and which of them is the key's home app. Reads no row.",
    errors: [],
    sample: {},
  },
  createApp: {
    tag: "Applications",
    summary: "Make an application and its log",
    description: "The name must be new in the organization.",
    errors: [...BODY_ERRORS, "conflict"],
    sample: { body: { name: "Billing" } },
  },
  renameApp: {
    tag: "Applications",
    summary: "Rename an application",
    description: "Its id and its log stay the same.",
    errors: [...BODY_ERRORS, "conflict", "not_found"],
    sample: { body: { name: "Billing and invoices" } },
  },
  archiveApp: {
    tag: "Applications",
    summary: "Take an application out of use",
    description: "Nobody writes to it or reads it by its name any more; its log stays. Answers 204 without a body.",
    errors: ["not_found"],
    sample: {},
  },
  restoreApp: {
    tag: "Applications",
    summary: "Take an archived application into use again",
    description: "Its log and its keys are as they were.",
    errors: ["conflict", "not_found"],
    sample: {},
  },
  listApiKeys: {
    tag: "API keys",
    summary: "List API keys",
    description: "Newest first, revoked ones too. The keys themselves are not kept and cannot be shown.",
    errors: [],
    sample: {},
  },
  createApiKey: {
    tag: "API keys",
    summary: "Make an API key",
    description:
      "`key` in the answer is the whole key, shown this once. A key gets no scope and no application that its maker lacks.",
    errors: [...BODY_ERRORS, "not_found"],
    sample: {
      body: {
        name: "billing-worker in production",
        app_id: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
        scopes: ["events:write"],
      },
    },
  },
  revokeApiKey: {
    tag: "API keys",
    summary: "Revoke an API key",
    description: "It stops working within a second. Revoking it again changes nothing.",
    errors: ["not_found"],
    sample: {},
  },
  ...DATA_SOURCE_OPERATIONS,
} as const satisfies Record<string, OperationDoc>;

export type OperationId = keyof typeof OPERATIONS;
