/** What ends a command, in a sentence that says what to do. Anything else that is thrown is a mistake of ours. */
export class CommandFault extends Error {}

/** The arguments cannot work: exit code 2. */
export class UsageFault extends Error {}

/** The server did not do what was asked. */
export class ServerFault extends CommandFault {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }

  /** Whether the very same command may succeed later. */
  get isPassing(): boolean {
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** A file that cannot be written or read as was asked. */
export class FileFault extends CommandFault {}

/** Nobody reads our output any more, as in `affidavit tail | head`: no fault of anybody's. */
export class OutputClosed extends Error {}

/** What one record of an input cannot be; the message says why. The others go on. */
export class RecordFault extends Error {}
