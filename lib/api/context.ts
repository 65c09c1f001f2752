import "server-only";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { findKeySubject } from "@/lib/access/api-key";
import type { Subject } from "@/lib/access/granted";
import { isOwnOrigin } from "@/lib/access/origin";
import { limitRequests } from "@/lib/access/rate-limit";
import { findSessionSubject } from "@/lib/access/session";
import { AppError } from "@/lib/errors/app-error";

export interface ApiEnv {
  Bindings: HttpBindings & { requestId?: string };
}
export type ApiContext = Context<ApiEnv>;

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const USER_AGENT_MAX = 512;

/** Where the browser says that a request comes from; `none`: from its user, as by typing the address. */
const OWN_SITES = ["same-origin", "none"];

/**
 * A cookie is sent by the browser whatever page asks, so a request that changes something must come from our own pages. One
 * that reads is told in the system log, and may ask a data source: it must not come from a page of somebody else's.
 * API clients have no cookie and need no origin.
 */
function isFromPortal(c: ApiContext): boolean {
  const { origin, "sec-fetch-site": site } = c.env.incoming.headers;
  if (!SAFE_METHODS.has(c.req.method)) return site === "same-origin" || isOwnOrigin(origin ?? null);
  return (site === undefined || OWN_SITES.includes(String(site))) && (origin === undefined || isOwnOrigin(origin));
}

function checkOrigin(c: ApiContext): void {
  if (!isFromPortal(c))
    throw new AppError(
      "forbidden",
      "A request with the portal's cookie must come from the portal itself. Programs use an API key.",
    );
}

/** Who the credentials of a request belong to now. @throws AppError 401 */
async function bearerOf(c: ApiContext, isRequest: boolean): Promise<Subject> {
  const { headers, socket } = c.env.incoming;
  const origin = {
    clientIp: socket.remoteAddress ?? "",
    userAgent: (headers["user-agent"] ?? "").slice(0, USER_AGENT_MAX),
  };
  const { authorization } = headers;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (!token) throw new AppError("unauthenticated", "Send the API key as `Authorization: Bearer afd_…`.");
    return findKeySubject(token, origin);
  }
  const subject = await findSessionSubject({ cookie: headers.cookie ?? null, ...origin }, isRequest);
  if (subject) return subject;
  throw new AppError("unauthenticated", "Send an API key as `Authorization: Bearer afd_…`, or sign in to the portal.");
}

/**
 * Who this request is: an API key, else the portal's session.
 * @throws AppError 401, 403 for a cookie from elsewhere, 429
 */
export async function enter(c: ApiContext): Promise<Subject> {
  const subject = await bearerOf(c, true);
  if (subject.actor.type === "key") limitRequests(subject.actor.keyId);
  else checkOrigin(c);
  return subject;
}

/**
 * Who this request, which `enter` has let in, is by now: for an answer that lasts. It counts as no request: it takes nothing
 * of the key's rate, and an idle session stays idle.
 * @throws AppError 401 once the key is revoked or expired, or the session is over
 */
export function enterAgain(c: ApiContext): Promise<Subject> {
  return bearerOf(c, false);
}
