import "server-only";
import { OpenAPIHono } from "@hono/zod-openapi";
import { fromDatabase } from "@/lib/db/errors";
import { AppError } from "@/lib/errors/app-error";
import { toProblem } from "@/lib/errors/problem";
import { logger } from "@/lib/observability/logger";
import { type ApiContext, type ApiEnv, newRequestId } from "./context";
import { sendJson } from "./reply";
import type { Api } from "./route";
import { addAdministration } from "./routes/administration";
import { addHealth } from "./routes/health";
import { addIngest } from "./routes/ingest";
import { addOpenApi } from "./routes/openapi";
import { addReading } from "./routes/reading";

/** Answers whatever was thrown as problem+json. Unknown errors are logged under the request id, without the request. */
function problemResponse(thrown: unknown, c: ApiContext): Response {
  const error = fromDatabase(thrown);
  const requestId = c.get("requestId");
  const problem = toProblem(error, requestId);
  if (problem.status >= 500) logger().error({ err: thrown, request_id: requestId, path: c.req.path }, "request failed");
  const { outgoing } = c.env;
  if (error instanceof AppError) {
    const { retryAfterSeconds, closeConnection } = error.options;
    if (retryAfterSeconds !== undefined) outgoing.setHeader("retry-after", String(retryAfterSeconds));
    if (closeConnection) outgoing.setHeader("connection", "close");
  }
  return sendJson(c, problem, problem.status, "application/problem+json");
}

/** A known address with a method that it does not take says which ones it takes. Registered last, so that it is met last. */
function refuseOtherMethods(api: Api): void {
  const methods = new Map<string, Set<string>>();
  for (const { method, path } of api.routes) {
    if (method !== "ALL") methods.set(path, (methods.get(path) ?? new Set()).add(method));
  }
  for (const [path, taken] of methods) {
    const allow = [...taken].sort().join(", ");
    api.all(path, (c) => {
      c.env.outgoing.setHeader("allow", allow);
      throw new AppError("method_not_allowed", `${path} takes ${allow}.`);
    });
  }
}

/** The public API: every address under /v1, and the health addresses. */
export function createApi(): Api {
  const api = new OpenAPIHono<ApiEnv>();
  api.use((c, next) => {
    const requestId = newRequestId();
    c.set("requestId", requestId);
    const { outgoing } = c.env;
    outgoing.setHeader("x-request-id", requestId);
    outgoing.setHeader("cache-control", "private, no-store");
    outgoing.setHeader("x-content-type-options", "nosniff");
    return next();
  });
  api.onError((error, c) => problemResponse(error, c));
  api.notFound((c) => {
    const detail = `There is nothing at ${c.req.method} ${c.req.path}. The addresses are listed in /v1/openapi.json.`;
    return problemResponse(new AppError("not_found", detail), c);
  });
  addIngest(api);
  addReading(api);
  addAdministration(api);
  addHealth(api);
  addOpenApi(api);
  refuseOtherMethods(api);
  return api;
}
