import { ERROR_CODES, type ErrorCode } from "./codes";

/** One fault inside a request body or query: `pointer` is a JSON Pointer (RFC 6901) or a parameter's name. */
export interface Fault {
  pointer: string;
  message: string;
  /** Where it stands in a text, UTF-16 units, half-open. */
  start?: number;
  end?: number;
}

export interface AppErrorOptions {
  /** One sentence that says what to do. */
  detail: string;
  errors?: Fault[];
  /** Extra members of the problem document, such as `limit_bytes`. */
  extra?: Record<string, string | number | boolean>;
  retryAfterSeconds?: number;
  /** Close the connection after answering: the rest of the body is not wanted. */
  closeConnection?: boolean;
  cause?: unknown;
}

/** The only error that feature code throws on purpose. Thrown where the fault is known, caught only at a door. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly options: AppErrorOptions;

  constructor(code: ErrorCode, options: AppErrorOptions | string) {
    const given = typeof options === "string" ? { detail: options } : options;
    super(given.detail, { cause: given.cause });
    this.name = "AppError";
    this.code = code;
    this.options = given;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}
