import "server-only";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import { admitWithAny, grant } from "@/lib/access/door";
import type { Granted, Subject } from "@/lib/access/granted";
import type { Permission } from "@/lib/access/policy";
import { AppError } from "@/lib/errors/app-error";
import { faultsOf, wordFault } from "@/lib/errors/wording";
import { pointer } from "@/lib/ingest/event";
import { readBody } from "@/lib/ingest/read-body";
import { parseStrictJson } from "@/lib/ingest/strict-json";
import { type ApiContext, type ApiEnv, enter } from "./context";
import type { RouteContract } from "./contract";
import { openApiPath } from "./openapi-path";
import { parseParams } from "./params";

export type Api = OpenAPIHono<ApiEnv>;
interface OpenInput<Q extends z.ZodObject> {
  c: ApiContext;
  subject: Subject;
  query: z.output<Q>;
  rest: [string, string][];
}
export interface RouteInput<P extends Permission, Q extends z.ZodObject> extends OpenInput<Q> {
  ctx: Granted<P>;
}

const BODY_LIMITS = { bytesMax: 65_536, timeoutMs: 30_000 };

/** Content-Type without parameters, lower case. */
export function mediaType(c: ApiContext): string | undefined {
  return c.env.incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
}

/** A small JSON body, checked against its schema. @throws AppError 415, 413, 400, 422 */
export async function jsonBody<S extends z.ZodType>(c: ApiContext, schema: S): Promise<z.output<S>> {
  if (mediaType(c) !== "application/json")
    throw new AppError("unsupported_media_type", "Send the body as application/json.");
  const sent = parseStrictJson(await readBody(c.env.incoming, BODY_LIMITS), { per: "document" });
  const parsed = schema.safeParse(sent, { error: wordFault });
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", {
    detail: "Nothing was changed: mend the faults below and send the request again.",
    errors: faultsOf(parsed.error).map(({ path, message }) => ({ pointer: pointer(path), message })),
  });
}

function bind<P extends Permission, Q extends z.ZodObject>(
  api: Api,
  contract: RouteContract<P, Q>,
  handler: (input: OpenInput<Q>) => Promise<Response>,
): void {
  api.openAPIRegistry.registerPath(openApiPath(contract));
  api.on(contract.method.toUpperCase(), contract.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
    const subject = await enter(c);
    admitWithAny(subject, contract.permission, contract.orPermission ?? contract.permission);
    return handler({ c, subject, ...parseParams(c.env.incoming.url ?? "/", contract.query) });
  });
}

/** Binds a contract to its handler: authenticate, check permission and parameters, then the feature. */
export function route<P extends Permission, Q extends z.ZodObject>(
  api: Api,
  contract: RouteContract<P, Q>,
  handler: (input: RouteInput<P, Q>) => Promise<Response>,
): void {
  bind(api, contract, (input) => handler({ ...input, ctx: grant(input.subject, contract.permission) }));
}

/** The same for a contract with `orPermission`: the handler grants what the request turns out to need. */
export function openRoute<P extends Permission, Q extends z.ZodObject>(
  api: Api,
  contract: RouteContract<P, Q> & { orPermission: Permission },
  handler: (input: OpenInput<Q>) => Promise<Response>,
): void {
  bind(api, contract, handler);
}
