import "server-only";

/** A reason not to start: one sentence for the person at the terminal, printed without a stack. */
export class StartupError extends Error {
  override readonly name = "StartupError";
}
