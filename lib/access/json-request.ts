import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { fromDatabase } from "@/lib/db/errors";
import { AppError } from "@/lib/errors/app-error";
import { toProblem } from "@/lib/errors/problem";
import { logger } from "@/lib/observability/logger";
import { isOwnOrigin } from "./origin";
import { parsed } from "./parsed";

/** More than any form of ours sends. */
const FORM_BYTES_MAX = 16_384;

/**
 * Refuses what no form of this portal would send, before the body is read.
 * @throws AppError `forbidden`, `payload_too_large`
 */
export function checkFormRequest(request: Request): void {
  if (!isOwnOrigin(request.headers.get("origin"))) {
    throw new AppError("forbidden", {
      detail: "The request did not come from this portal. Open it at its own address and try again.",
    });
  }
  const bytes = Number(request.headers.get("content-length") ?? Number.NaN);
  if (!(bytes <= FORM_BYTES_MAX)) {
    throw new AppError("payload_too_large", {
      detail: "Send a Content-Length, and no more than a form holds.",
      extra: { limit_bytes: FORM_BYTES_MAX },
      closeConnection: true,
    });
  }
}

/** Any fault as problem+json; faults that are not ours to explain are logged under the request id that is answered. */
export function problemResponse(thrown: unknown): Response {
  const requestId = randomUUID();
  const error = fromDatabase(thrown);
  if (!(error instanceof AppError)) logger().error({ err: error, request_id: requestId }, "A form request failed.");
  const problem = toProblem(error, requestId);
  return Response.json(problem, { status: problem.status, headers: { "content-type": "application/problem+json" } });
}

/**
 * A form that is posted as JSON without a session: same origin, small, of the schema.
 * @throws AppError
 */
export async function readForm<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  checkFormRequest(request);
  if (!request.headers.get("content-type")?.startsWith("application/json")) {
    throw new AppError("unsupported_media_type", { detail: "Send application/json." });
  }
  const body: unknown = await request.json().catch(() => {
    throw new AppError("malformed_json", { detail: "The body is not JSON." });
  });
  return parsed(schema, body);
}
