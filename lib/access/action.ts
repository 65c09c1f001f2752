import "server-only";
import { randomUUID } from "node:crypto";
import { refresh } from "next/cache";
import { headers } from "next/headers";
import type { z } from "zod";
import { fromDatabase } from "@/lib/db/errors";
import { AppError } from "@/lib/errors/app-error";
import { type Problem, toProblem } from "@/lib/errors/problem";
import { logger } from "@/lib/observability/logger";
import { currentSubject } from "./current-subject";
import { grant } from "./door";
import type { Granted } from "./granted";
import { isOwnOrigin } from "./origin";
import { parsed } from "./parsed";
import type { Permission } from "./policy";

export type ActionResult<T> = { ok: true; data: T } | { ok: false; problem: Problem };

async function enter<P extends Permission>(permission: P): Promise<Granted<P>> {
  // Next lets a request without Origin through with a warning; every browser that can run an action sends one.
  if (!isOwnOrigin((await headers()).get("origin"))) {
    throw new AppError("forbidden", {
      detail: "The request did not come from this portal. Open it at its own address and try again.",
    });
  }
  const subject = await currentSubject();
  if (!subject) throw new AppError("unauthenticated", { detail: "Your session has ended. Sign in again." });
  return grant(subject, permission);
}

/** What may leave the server; faults that are not ours to explain are logged under the request id that is shown. */
function failed(thrown: unknown): Problem {
  const requestId = randomUUID();
  const error = fromDatabase(thrown);
  if (!(error instanceof AppError)) logger().error({ err: error, request_id: requestId }, "A server action failed.");
  return toProblem(error, requestId);
}

/**
 * The one wrapper of server actions: origin, session, permission and input are checked on every call, whatever page it
 * came from. After a success the page that called is rendered anew with the answer. Never throws to the client.
 */
export function action<P extends Permission, S extends z.ZodType, T>(
  permission: P,
  schema: S,
  fn: (ctx: Granted<P>, input: z.output<S>) => Promise<T>,
): (input: z.input<S>) => Promise<ActionResult<T>> {
  return async (input) => {
    try {
      const data = await fn(await enter(permission), parsed(schema, input));
      refresh();
      return { ok: true, data };
    } catch (thrown) {
      return { ok: false, problem: failed(thrown) };
    }
  };
}
