import { INTAKE } from "./intake";
import { LIVE_STREAMS_MAX, LIVE_STREAMS_OF_ONE_MAX, LIVE_STREAMS_OF_ORGANIZATION_MAX } from "./live-limits";
import { CSV_DOWNLOADS_MAX, CSV_DOWNLOADS_OF_ONE_MAX } from "./quick-csv";

const count = (value: number) => value.toLocaleString("en-US");
const kib = (bytes: number) => `${bytes / 1_024} KiB`;
const mib = (bytes: number) => `${bytes / 1_048_576} MiB`;

/** What the API takes, in words. /docs/api shows them, and docs/api/README.md holds the same table (docs/docs.test.ts). */
export const LIMITS: readonly { what: string; limit: string; answer: string }[] = [
  {
    what: "body",
    limit: `${mib(INTAKE.bodyBytes)} without compression`,
    answer: "413 with `limit_bytes`, `received_bytes`",
  },
  { what: "events a request", limit: count(INTAKE.events), answer: "413" },
  { what: "one event", limit: `${kib(INTAKE.eventBytes)} of JSON`, answer: "413" },
  { what: "`context`", limit: `${kib(INTAKE.contextBytes)} of JSON`, answer: "422" },
  {
    what: "nesting of one event",
    limit: `${INTAKE.depth}; the event is the first level, an array or \`{"events": […]}\` around it does not count`,
    answer: "422",
  },
  { what: "members of one event", limit: `${count(INTAKE.members)}, nested ones included`, answer: "422" },
  {
    what: "numbers",
    limit: `integers up to 2^53−1, ${INTAKE.digits} significant digits (without leading and trailing zeros), finite`,
    answer: "422 `inexact_number`: send a string",
  },
  { what: "equal names in one object", limit: "none", answer: "422 `duplicate_name`" },
  { what: "half surrogate pairs", limit: "none", answer: "422" },
  { what: "encoding", limit: "gzip or none", answer: "415; damaged, 400" },
  { what: "text", limit: "UTF-8 without a byte order mark", answer: "400" },
  { what: "time to send a body", limit: `${INTAKE.bodySeconds} s`, answer: "408" },
  {
    what: "a key",
    limit: `${count(INTAKE.keyEventsPerMinute)} events a minute, ${INTAKE.keyRequestsPer10s} requests in 10 s (settable)`,
    answer: "429 with `Retry-After`",
  },
  {
    what: "what waits to be written",
    limit: `${count(INTAKE.queuedEvents)} events or ${mib(INTAKE.queuedBytes)}`,
    answer: "503 with `Retry-After`",
  },
  {
    what: "CSV downloads under way",
    limit: `${CSV_DOWNLOADS_OF_ONE_MAX} of one organization, ${CSV_DOWNLOADS_MAX} in all`,
    answer: "503 with `Retry-After`",
  },
  {
    what: "live streams open",
    limit: `${LIVE_STREAMS_OF_ONE_MAX} of one key or sign-in, ${LIVE_STREAMS_OF_ORGANIZATION_MAX} of one organization, ${LIVE_STREAMS_MAX} in all`,
    answer: "503 with `Retry-After`",
  },
];
