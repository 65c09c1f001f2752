import "server-only";
import pino from "pino";
import { env } from "@/lib/config/env";

/**
 * The structured log, one JSON object a line on stderr (stdout is for the person who started the program). Rows of the
 * log hold personal data: log ids, counts and durations, never events, bodies, headers or query text. The names below
 * are cut out wherever they appear, as a net and not as a licence.
 */
const SECRET_NAMES = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "api_key",
  "apiKey",
  "token",
  "body",
  "headers",
  "event",
  "events",
  "url",
];
const paths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Errors of the database quote rows in `detail` and `where`: only what names the fault goes out. */
function describeError(error: Error): Record<string, unknown> {
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack, cause };
}

let made: pino.Logger | undefined;

/** This process's logger. `logger().child({ … })` for one with fields of its own. */
export function logger(): pino.Logger {
  if (made) return made;
  const destination = pino.destination({ dest: 2, sync: false, minLength: 0 });
  // Whoever read it has gone; the program goes on.
  destination.on("error", () => {});
  made = pino(
    {
      level: env().AFFIDAVIT_LOG_LEVEL,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: "[cut]" },
      serializers: { err: describeError, error: describeError },
    },
    destination,
  );
  return made;
}
