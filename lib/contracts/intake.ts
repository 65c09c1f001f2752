/** What the API takes at most. Each number stands here alone: the code that refuses, its words and the docs read it. */
export const INTAKE = {
  /** Without compression. */
  bodyBytes: 1_048_576,
  bodySeconds: 30,
  /** Of one submission of custom events, as received and without compression: the smallest that carries an event of eventBytes. */
  submissionBytes: 262_144,
  events: 1_000,
  /** Of one event, as JSON. */
  eventBytes: 262_144,
  /** Of an event's `context`, as JSON. */
  contextBytes: 16_384,
  /** Containers inside one another; the event itself is the first. */
  depth: 64,
  /** Members of one event, those of nested objects included. */
  members: 1_000,
  /** Significant digits of a number: a double printed with 17 digits reads back as the same double. */
  digits: 17,
  /** What may wait in memory in all; beyond it, 503 and the producer keeps its events. */
  queuedEvents: 10_000,
  queuedBytes: 20 * 1_048_576,
  /** Of one key, unless set otherwise. */
  keyEventsPerMinute: 50_000,
  keyRequestsPer10s: 600,
} as const;
