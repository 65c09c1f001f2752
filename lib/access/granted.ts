import "server-only";
import type { Permission, Role } from "./policy";

declare const grantedBrand: unique symbol;

/** Who acts: a person in the portal or a program with a key. */
export type Actor =
  | { type: "user"; userId: string; email: string; role: Role; sessionId: string }
  | { type: "key"; keyId: string; keyPrefix: string; createdByUserId: string | null; createdByEmail: string | null };

/** What the door found out about a request. Only lib/access makes one. */
export interface Subject {
  orgId: string;
  actor: Actor;
  /** Apps that may be addressed: ids in order of creation. Never of another organization. */
  appIds: readonly string[];
  /** Where a request goes that names no app: a key's home app, or the first app of a session. */
  homeAppId: string | undefined;
  /** Every permission that role or key carries. */
  permissions: ReadonlySet<Permission>;
  /** Reaches every app of the organization, today's and tomorrow's, and its system log. */
  seesWholeOrganization: boolean;
  /** Sees heavy fields (headers, bodies). */
  seesHeavyFields: boolean;
  clientIp: string;
  userAgent: string;
}

/**
 * Proof that the door let this request in for the permissions `P`. Feature functions take it as their first argument,
 * so that a forgotten check does not compile; there is no way to make one outside lib/access/door.ts.
 */
export type Granted<P extends Permission> = Subject & { readonly [grantedBrand]: (permission: P) => void };

/** Proof of at least one of the permissions `P`: which one it was does not show, so neither may be relied on alone. */
export type GrantedAny<P extends Permission> = P extends Permission ? Granted<P> : never;
