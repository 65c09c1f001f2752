import "server-only";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import { grantAny } from "@/lib/access/door";
import type { GrantedAny, Subject } from "@/lib/access/granted";
import type { Permission } from "@/lib/access/policy";
import { AppError, type Fault } from "@/lib/errors/app-error";
import { faultsOf, wordFault } from "@/lib/errors/wording";
import { FAULTS_MAX, pointer } from "@/lib/ingest/event";
import { type BodyLimits, readBody } from "@/lib/ingest/read-body";
import { strictJsonSteps } from "@/lib/ingest/strict-json";
import { inTurns, type Steps } from "@/lib/ingest/time-slices";
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

async function sentJson(c: ApiContext, limits?: JsonBodyLimits): Promise<unknown> {
  if (mediaType(c) !== "application/json")
    throw new AppError("unsupported_media_type", "Send the body as application/json.");
  const bytes = await readBody(c.env.incoming, { ...BODY_LIMITS, ...limits });
  return inTurns(strictJsonSteps(bytes, { per: "document", ...(limits && { keysMax: limits.keysMax }) }));
}

const refused = (errors: Fault[]) =>
  new AppError("invalid_request", {
    detail: "Nothing was changed: mend the faults below and send the request again.",
    errors,
  });

const faultsAt = (error: z.core.$ZodError, at: PropertyKey[] = []): Fault[] =>
  faultsOf(error).map(({ path, message }) => ({ pointer: pointer([...at, ...path]), message }));

/** @throws AppError 422 */
function checked<S extends z.ZodType>(sent: unknown, schema: S): z.output<S> {
  const parsed = schema.safeParse(sent, { error: wordFault });
  if (parsed.success) return parsed.data;
  throw refused(faultsAt(parsed.error));
}

/** A JSON body, checked against its schema; small where no limits say otherwise. @throws AppError 415, 413, 400, 422 */
export async function jsonBody<S extends z.ZodType>(
  c: ApiContext,
  schema: S,
  limits?: JsonBodyLimits,
): Promise<z.output<S>> {
  return checked(await sentJson(c, limits), schema);
}

function* checkEach<E extends z.ZodType>(list: readonly unknown[], element: E, at: string): Steps<z.output<E>[]> {
  const found: z.output<E>[] = [];
  const faults: Fault[] = [];
  for (const [index, sent] of list.entries()) {
    const parsed = element.safeParse(sent, { error: wordFault });
    if (parsed.success) found.push(parsed.data);
    else faults.push(...faultsAt(parsed.error, [at, index]));
    if (faults.length >= FAULTS_MAX) break;
    yield;
  }
  if (faults.length > 0) throw refused(faults.slice(0, FAULTS_MAX));
  return found;
}

interface LongList<N extends string, E extends z.ZodType> extends JsonBodyLimits {
  /** The member that holds the list, and what each of its elements must be. */
  list: N;
  element: E;
}

/**
 * A JSON body with one list of very many elements, checked in turns (docs/adr/0021). `schema` leaves the elements open; of
 * their faults the first 20 are told.
 * @throws AppError 415, 413, 400, 422
 */
export async function longJsonBody<N extends string, S extends z.ZodType<Record<N, unknown[]>>, E extends z.ZodType>(
  c: ApiContext,
  schema: S,
  { list, element, ...limits }: LongList<N, E>,
): Promise<Record<N, z.output<E>[]>> {
  const sent = checked(await sentJson(c, limits), schema);
  const elements = await inTurns(checkEach(sent[list], element, list));
  return { [list]: elements } as Record<N, z.output<E>[]>;
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
