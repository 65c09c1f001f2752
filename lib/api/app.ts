import "server-only";
import { OpenAPIHono } from "@hono/zod-openapi";
import { fromDatabase } from "@/lib/db/errors";
import { AppError } from "@/lib/errors/app-error";
import { toProblem } from "@/lib/errors/problem";
import { logger } from "@/lib/observability/logger";
import { type ApiContext, type ApiEnv, newRequestId } from "./context";
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
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (error instanceof AppError) {
    if (error.options.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.options.retryAfterSeconds);
    if (error.options.closeConnection) headers.connection = "close";
  }
  return c.body(JSON.stringify(problem), problem.status as 400, headers);
}

/** The public API: every address under /v1, and the health addresses. */
export function createApi(): Api {
  const api = new OpenAPIHono<ApiEnv>();
  api.use(async (c, next) => {
    c.set("requestId", newRequestId());
    await next();
    c.res.headers.set("x-request-id", c.get("requestId"));
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "private, no-store");
    c.res.headers.set("x-content-type-options", "nosniff");
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
  return api;
}
