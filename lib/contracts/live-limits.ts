/** What the server and the documentation hold about live streams. */

/** Streams open at once in one process, of one organization, and of one key or sign-in. */
export const LIVE_STREAMS_MAX = 200;
export const LIVE_STREAMS_OF_ORGANIZATION_MAX = 100;
export const LIVE_STREAMS_OF_ONE_MAX = 10;

/** A stream that says nothing for so long tells its position, ms: less than what proxies let a connection idle (60 s). */
export const LIVE_HEARTBEAT_MS = 15_000;

/** A client that takes nothing of what was written for so long is ended, ms. */
export const LIVE_TAKEN_WITHIN_MS = 30_000;

/** Most that `seconds` may be. */
export const LIVE_SECONDS_MAX = 86_400;
