import "server-only";
import { OpenAPIHono } from "@hono/zod-openapi";
import { fromDatabase } from "@/lib/db/errors";
import { AppError } from "@/lib/errors/app-error";
import { toProblem } from "@/lib/errors/problem";
import { logger } from "@/lib/observability/logger";
import type { ApiContext, ApiEnv } from "./context";
import { requestIdOf, sendJson } from "./reply";
import type { Api } from "./route";
import { addAdministration } from "./routes/administration";
import { addCustom } from "./routes/custom-events";
import { addDataSources } from "./routes/data-sources";
import { addHealth } from "./routes/health";
import { addIngest } from "./routes/ingest";
import { addLive } from "./routes/live";
import { addOpenApi } from "./routes/openapi";
import { addReading } from "./routes/reading";

/** Answers whatever was thrown as problem+json. Unknown errors are logged under the request id, without the request. */
function problemResponse(thrown: unknown, c: ApiContext): Response {
  const error = fromDatabase(thrown);
  const requestId = requestIdOf(c);
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

/** The methods of the address that a request names, where it is one of ours. */
function methodsOf(api: Api, path: string): string[] {
  const fits = (pattern: string) => new RegExp(`^${pattern.replaceAll(/:\w+/g, "[^/]+")}$`).test(path);
  return [...new Set(api.routes.filter((route) => fits(route.path)).map((route) => route.method))].sort();
}

/** No handler met the request: the address is unknown, or takes other methods. */
function unmet(api: Api, c: ApiContext): AppError {
  const methods = methodsOf(api, c.req.path);
  if (methods.length === 0) {
    return new AppError(
      "not_found",
      `There is nothing at ${c.req.path}. The addresses are listed in /v1/openapi.json.`,
    );
  }
  c.env.outgoing.setHeader("allow", methods.join(", "));
  return new AppError("method_not_allowed", `${c.req.path} takes ${methods.join(", ")}.`);
}

/**
 * The public API: every address under /v1, and the health addresses. No middleware: Hono runs a lone handler without the
 * chain of promises that middleware needs.
 * @param stop ends the streams that are open
 */
export function createApi(stop: AbortSignal = new AbortController().signal): Api {
  const api = new OpenAPIHono<ApiEnv>();
  api.onError((error, c) => problemResponse(error, c));
  api.notFound((c) => problemResponse(unmet(api, c), c));
  addIngest(api);
  addCustom(api);
  addLive(api, { stop });
  addReading(api);
  addAdministration(api);
  addDataSources(api);
  addHealth(api);
  addOpenApi(api);
  return api;
}
