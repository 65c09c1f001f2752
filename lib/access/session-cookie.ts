import { env } from "@/lib/config/env";

/** Whether the public origin is https: cookie names, Secure and HSTS follow from it. */
export function isSecureOrigin(): boolean {
  return env().publicUrl.startsWith("https:");
}

/** `__Host-` cookies are refused by browsers without https, and pin host, path and Secure with it. */
export function cookieName(base: string): string {
  return isSecureOrigin() ? `__Host-${base}` : base;
}

/** Name of the cookie that holds the session's JWT. */
export function sessionCookieName(): string {
  return cookieName("afd");
}
