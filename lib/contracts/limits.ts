/** What the API takes, in words. /docs/api shows them, and docs/api/README.md holds the same table (docs/docs.test.ts). */
export const LIMITS: readonly { what: string; limit: string; answer: string }[] = [
  { what: "body", limit: "1 MiB without compression", answer: "413 with `limit_bytes`, `received_bytes`" },
  { what: "events a request", limit: "1,000", answer: "413" },
  { what: "one event", limit: "256 KiB of JSON", answer: "413" },
  { what: "`context`", limit: "16 KiB of JSON", answer: "422" },
  {
    what: "nesting of one event",
    limit: '64; the event is the first level, an array or `{"events": […]}` around it does not count',
    answer: "422",
  },
  { what: "members of one event", limit: "1,000, nested ones included", answer: "422" },
  {
    what: "numbers",
    limit: "integers up to 2^53−1, 17 significant digits (without leading and trailing zeros), finite",
    answer: "422 `inexact_number`: send a string",
  },
  { what: "equal names in one object", limit: "none", answer: "422 `duplicate_name`" },
  { what: "half surrogate pairs", limit: "none", answer: "422" },
  { what: "encoding", limit: "gzip or none", answer: "415; damaged, 400" },
  { what: "text", limit: "UTF-8 without a byte order mark", answer: "400" },
  { what: "time to send a body", limit: "30 s", answer: "408" },
  {
    what: "a key",
    limit: "50,000 events a minute, 600 requests in 10 s (settable)",
    answer: "429 with `Retry-After`",
  },
  { what: "what waits to be written", limit: "10,000 events or 20 MiB", answer: "503 with `Retry-After`" },
];
