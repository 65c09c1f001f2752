import "server-only";

/**
 * Set by our own HTTP server on every request that it hands to Next, from the socket; what a client sends under this name
 * is thrown away there. Next's own x-forwarded-for keeps whatever the client claims, so it is no basis for a limit.
 */
export const CLIENT_ADDRESS_HEADER = "x-affidavit-client-ip";

/** The address of whoever sent a request that Next handles; "unknown" where Next runs without our server. */
export function clientAddress(headers: { get(name: string): string | null }): string {
  return headers.get(CLIENT_ADDRESS_HEADER) ?? "unknown";
}

/** Where a request came from, as the rows of its acts say. */
export interface RequestOrigin {
  clientIp: string;
  userAgent: string;
}

/** Of a request that Next handles. */
export function originOf(headers: { get(name: string): string | null }): RequestOrigin {
  return { clientIp: clientAddress(headers), userAgent: headers.get("user-agent") ?? "" };
}
