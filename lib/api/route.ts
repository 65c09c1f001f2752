import "server-only";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { grant } from "@/lib/access/door";
import type { Granted, Subject } from "@/lib/access/granted";
import type { Permission } from "@/lib/access/policy";
import { AppError } from "@/lib/errors/app-error";
import { pointer } from "@/lib/ingest/event";
import { readBody } from "@/lib/ingest/read-body";
import { parseStrictJson } from "@/lib/ingest/strict-json";
import { type ApiContext, type ApiEnv, enter } from "./context";
import { filterParameters } from "./kind-schemas";
import { parseParams } from "./params";

export type Api = OpenAPIHono<ApiEnv>;
type Method = "get" | "post" | "patch" | "delete";

/** What a route promises; OpenAPI is printed from it, and the handler gets exactly this, checked. */
export interface RouteContract<P extends Permission, Q extends z.ZodObject> {
  method: Method;
  /** OpenAPI form, `/v1/apps/{id}`. */
  path: string;
  summary: string;
  /** More for the documentation, in Markdown. */
  details?: string;
  permission: P;
  query: Q;
  /** Schema of the JSON body, for small administrative requests. */
  body?: z.ZodType;
  /** Says that further query parameters are filters. */
  filters?: true;
  status?: 200 | 201 | 204;
  answer?: z.ZodType;
  /** Other content than JSON, for the documentation. */
  produces?: string;
  /** Headers of the answer that say something about it, for the documentation. */
  answerHeaders?: z.ZodObject;
  accepts?: string;
}

export interface RouteInput<P extends Permission, Q extends z.ZodObject> {
  c: ApiContext;
  ctx: Granted<P>;
  subject: Subject;
  query: z.output<Q>;
  rest: [string, string][];
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
  const parsed = schema.safeParse(parseStrictJson(await readBody(c.env.incoming, BODY_LIMITS), { per: "document" }));
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", {
    detail: "Nothing was changed: mend the faults below and send the request again.",
    errors: parsed.error.issues.map((issue) => ({ pointer: pointer(issue.path), message: issue.message })),
  });
}

/** Binds a contract to its handler: authenticate, check permission and parameters, then the feature. */
export function route<P extends Permission, Q extends z.ZodObject>(
  api: Api,
  contract: RouteContract<P, Q>,
  handler: (input: RouteInput<P, Q>) => Promise<Response>,
): void {
  api.openAPIRegistry.registerPath(openApiPath(contract));
  api.on(contract.method.toUpperCase(), contract.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
    const subject = await enter(c);
    const ctx = grant(subject, contract.permission);
    return handler({ c, ctx, subject, ...parseParams(c.env.incoming.url ?? "/", contract.query) });
  });
}

const PROBLEM = {
  description: "RFC 9457 problem document",
  content: { "application/problem+json": { schema: { type: "object" as const } } },
};

/** What a route answers when all goes well. */
function answerOf<P extends Permission, Q extends z.ZodObject>(contract: RouteContract<P, Q>) {
  const { summary, answer, produces, answerHeaders } = contract;
  const schema = answer ?? (produces ? { type: "string" as const } : undefined);
  return {
    description: summary,
    ...(answerHeaders && { headers: answerHeaders }),
    ...(schema && { content: { [produces ?? "application/json"]: { schema } } }),
  };
}

function openApiPath<P extends Permission, Q extends z.ZodObject>(contract: RouteContract<P, Q>) {
  const { method, path, summary, details, permission, query, body, filters, status = 200, accepts } = contract;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  return {
    method,
    path,
    summary,
    description: `Scope: \`${permission}\`.${filters ? " Further query parameters are filters: a field's name and one exact value." : ""}${details ? ` ${details}` : ""}`,
    security: [{ apiKey: [] }],
    request: {
      ...(names.length > 0 && { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
      query: filters ? query.extend(filterParameters()) : query,
      ...(body && { body: { required: true, content: { [accepts ?? "application/json"]: { schema: body } } } }),
    },
    responses: { [status]: answerOf(contract), default: PROBLEM },
  };
}
