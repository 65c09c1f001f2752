import "server-only";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import { grantAny } from "@/lib/access/door";
import type { GrantedAny, Subject } from "@/lib/access/granted";
import type { Permission } from "@/lib/access/policy";
import { AppError } from "@/lib/errors/app-error";
import { faultsOf, wordFault } from "@/lib/errors/wording";
import { pointer } from "@/lib/ingest/event";
import { type BodyLimits, readBody } from "@/lib/ingest/read-body";
import { parseStrictJson } from "@/lib/ingest/strict-json";
import { type ApiContext, type ApiEnv, enter } from "./context";
import { permissionsOf, type RouteContract } from "./contract";
import { openApiPath } from "./openapi-path";
import { parseParams } from "./params";

export type Api = OpenAPIHono<ApiEnv>;
export interface RouteInput<P extends Permission, Q extends z.ZodObject> {
  c: ApiContext;
  ctx: GrantedAny<P>;
  subject: Subject;
  query: z.output<Q>;
  rest: [string, string][];
}

const BODY_LIMITS: BodyLimits = { bytesMax: 65_536, timeoutMs: 30_000 };

/** Content-Type without parameters, lower case. */
export function mediaType(c: ApiContext): string | undefined {
  return c.env.incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
}

interface JsonBodyLimits {
  bytesMax: number;
  /** Members of all its objects. */
  keysMax: number;
}

/** A JSON body, checked against its schema; small where no limits say otherwise. @throws AppError 415, 413, 400, 422 */
export async function jsonBody<S extends z.ZodType>(
  c: ApiContext,
  schema: S,
  limits?: JsonBodyLimits,
): Promise<z.output<S>> {
  if (mediaType(c) !== "application/json")
    throw new AppError("unsupported_media_type", "Send the body as application/json.");
  const bytes = await readBody(c.env.incoming, { ...BODY_LIMITS, ...limits });
  const sent = parseStrictJson(bytes, { per: "document", ...(limits && { keysMax: limits.keysMax }) });
  const parsed = schema.safeParse(sent, { error: wordFault });
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", {
    detail: "Nothing was changed: mend the faults below and send the request again.",
    errors: faultsOf(parsed.error).map(({ path, message }) => ({ pointer: pointer(path), message })),
  });
}

/** Binds a contract to its handler: authenticate, check permission and parameters, then the feature. */
export function route<P extends Permission, Q extends z.ZodObject>(
  api: Api,
  contract: RouteContract<P, Q>,
  handler: (input: RouteInput<P, Q>) => Promise<Response>,
): void {
  const permissions = permissionsOf(contract);
  api.openAPIRegistry.registerPath(openApiPath(contract));
  api.on(contract.method.toUpperCase(), contract.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
    const subject = await enter(c);
    const ctx = grantAny(subject, permissions);
    return handler({ c, ctx, subject, ...parseParams(c.env.incoming.url ?? "/", contract.query) });
  });
}
