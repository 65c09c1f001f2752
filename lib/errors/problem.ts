import { AppError, type Fault } from "./app-error";
import { ERROR_CODES, type ErrorCode } from "./codes";

/** RFC 9457 problem document, as every failing `/v1` answer carries it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  request_id: string;
  errors: Fault[];
  [extra: string]: unknown;
}

/** Turns whatever was thrown into what may leave the server. Unknown errors say nothing but the request id. */
export function toProblem(thrown: unknown, requestId: string): Problem {
  const error = thrown instanceof AppError ? thrown : new AppError("internal", "unexpected");
  const { status, title, expose } = ERROR_CODES[error.code];
  return {
    type: `urn:affidavit:error:${error.code}`,
    title,
    status,
    code: error.code,
    detail: expose ? error.options.detail : `Report this request id to whoever runs this server: ${requestId}.`,
    request_id: requestId,
    errors: error.options.errors ?? [],
    ...(expose ? error.options.extra : {}),
  };
}
