import { type NextRequest, NextResponse } from "next/server";
import { PATH_HEADER } from "@/lib/access/path-header";
import { isSecureOrigin, sessionCookieName } from "@/lib/access/session-cookie";
import { env } from "@/lib/config/env";

/**
 * Only redirects and sets headers. Nothing depends on it: pages, actions and the API check the session themselves, so a
 * request that gets past this file gets no further.
 */
const PUBLIC = ["/sign-in", "/setup", "/api/auth", "/docs", "/llms.txt"];
const isPublic = (path: string) => PUBLIC.some((open) => path === open || path.startsWith(`${open}/`));

function contentSecurityPolicy(nonce: string): string {
  const development = !env().isProduction;
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Server-rendered style attributes (column widths, popups' positions) cannot carry a nonce.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

function setHeaders(headers: Headers, policy: string): void {
  headers.set("Content-Security-Policy", policy);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  headers.set("Cache-Control", "private, no-store");
  if (isSecureOrigin()) headers.set("Strict-Transport-Security", "max-age=63072000");
}

function signIn(request: NextRequest, asked: string): NextResponse {
  const target = request.nextUrl.clone();
  target.pathname = "/sign-in";
  target.search = asked === "/" ? "" : `?next=${encodeURIComponent(asked)}`;
  // 303: whatever was posted is not posted again to the sign-in page.
  return NextResponse.redirect(target, 303);
}

export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const asked = pathname + search;
  const policy = contentSecurityPolicy(btoa(crypto.randomUUID()));
  // Without a cookie there is no session: answered here, before a server action's body would be read.
  const turnedAway = !isPublic(pathname) && !request.cookies.has(sessionCookieName());
  const incoming = new Headers(request.headers);
  // Set, never passed on: Next takes the nonce for its own scripts from this header.
  incoming.set("content-security-policy", policy);
  incoming.delete("content-security-policy-report-only");
  incoming.set(PATH_HEADER, asked);
  const response = turnedAway ? signIn(request, asked) : NextResponse.next({ request: { headers: incoming } });
  setHeaders(response.headers, policy);
  return response;
}

export const config = {
  matcher: ["/((?!_next/static|v1/|healthz|readyz|metrics|icon\\.svg|favicon\\.ico).*)"],
};
