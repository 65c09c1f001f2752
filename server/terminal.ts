import { EnvError } from "@/lib/config/env";
import { StartupError } from "@/lib/config/startup-error";

const begun = Date.now();

// A terminal that was closed, or a reader such as `head` that has enough, is no reason to stop working.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

/** Seconds since the program was started, as every progress line says them. */
function seconds(): string {
  return ((Date.now() - begun) / 1000).toFixed(1).padStart(5);
}

/** One calm line of progress. */
export function say(line: string): void {
  console.log(`${seconds()} s  ${line}`);
}

/** The exit code for "starting again will not help" (sysexits' EX_CONFIG): the supervisor gives up on it. */
export const EXIT_CONFIGURATION = 78;

/** What the person at the terminal is to read: our own sentences bare, anything unforeseen with its stack. */
export function explain(error: unknown): string {
  if (error instanceof StartupError || error instanceof EnvError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export function isForeseen(error: unknown): boolean {
  return error instanceof StartupError || error instanceof EnvError;
}
