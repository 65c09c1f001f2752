import "server-only";

/**
 * The one table of who may do what. A permission is also the API scope of the same name; a role has every permission
 * whose row names it. The members page prints these descriptions.
 */
export const ROLES = ["owner", "admin", "auditor", "developer", "member"] as const;
export type Role = (typeof ROLES)[number];

interface Rule {
  description: string;
  roles: readonly Role[];
  /** Not grantable to API keys: only people in the portal. */
  portalOnly?: true;
}

export const POLICY = {
  "events:write": { description: "Write rows to a log.", roles: ["owner", "admin", "developer"] },
  "events:read": { description: "Read and search rows.", roles: ["owner", "admin", "auditor", "developer", "member"] },
  "events:read_bodies": {
    description: "See headers and bodies of rows.",
    roles: ["owner", "admin", "auditor", "developer"],
    portalOnly: true,
  },
  "system:write": { description: "Write system rows of an outside system.", roles: ["owner", "admin"] },
  "exports:create": { description: "Download and export rows.", roles: ["owner", "admin", "auditor"] },
  "keys:manage": { description: "Make and revoke API keys.", roles: ["owner", "admin", "developer"] },
  "apps:manage": { description: "Make, rename and archive applications.", roles: ["owner", "admin"] },
  "sources:manage": {
    description: "Connect, test, change and disconnect data sources, and their catalogues.",
    roles: ["owner", "admin"],
  },
  "account:manage": {
    description: "Change one's own name, e-mail address and password, and end one's own sessions.",
    roles: ROLES,
    portalOnly: true,
  },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof POLICY;

export const PERMISSIONS = Object.keys(POLICY) as Permission[];

/** Scopes that an API key may carry. */
export const SCOPES = PERMISSIONS.filter((permission) => !("portalOnly" in POLICY[permission]));

/** Roles that see only the apps they were given. */
const OWN_APPS_ONLY: readonly Role[] = ["developer", "member"];

export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

export function isPermission(value: string): value is Permission {
  return Object.hasOwn(POLICY, value);
}

/** Whether a role has a permission; an unknown role has none. */
export function roleAllows(role: string, permission: Permission): boolean {
  return isRole(role) && (POLICY[permission].roles as readonly Role[]).includes(role);
}

export function seesOwnAppsOnly(role: Role): boolean {
  return OWN_APPS_ONLY.includes(role);
}
