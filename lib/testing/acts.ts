import { expect } from "vitest";
import { keyPrefix } from "@/lib/access/api-key-format";
import type { EventName } from "@/lib/system-audit/events";
import type { Tenant } from "./api";
import { arrange } from "./arrange";
import type { SignedIn } from "./portal";

/** What every server action and every changing route needs, and the rows that it leaves in the system log. */
export const PASSWORD = "correct horse battery staple";
const OTHER_PASSWORD = "another long enough password";

/** Who acts, in an organization of their own. */
export interface World extends Tenant {
  owner: SignedIn & { email: string };
  keyId: string;
  /** Does something by the API that the act needs, and returns the answer's body. */
  ask: (method: string, path: string, body?: object) => Promise<{ id: string }>;
  /** Address and sign-in of a PostgreSQL server. */
  postgres: URL;
}

export interface Row {
  event: EventName;
  target: [type: string, id: string | RegExp, name: string | null];
  changes?: object[];
  details?: object;
}
/** What it needs, and the rows that it leaves behind. */
export interface Entry {
  input: (world: World) => unknown | Promise<unknown>;
  id?: (world: World) => string;
  /** Before it. */
  first?: (world: World) => Promise<unknown>;
  rows: (world: World) => Row[];
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HIDDEN_CHANGE = [{ field: "password", old: "***", new: "***" }];
const archived = (state: "in use" | "archived", next: "in use" | "archived") => [
  { field: "state", old: state, new: next },
];
const archive = ({ otherAppId }: World) =>
  arrange((tx) => tx.app.update({ where: { id: otherAppId }, data: { archivedAt: new Date() } }));
const otherSession = async ({ owner }: World) =>
  (
    await arrange((tx) =>
      tx.session.create({ data: { userId: owner.userId, expiresAt: new Date(Date.now() + 60_000) } }),
    )
  ).id;
const self = ({ owner }: World): Row["target"] => ["user", owner.userId, owner.email];

const newKey = ({ appId }: World) => ({ name: "worker", app_id: appId, scopes: ["events:write"] });
const keyMade = ({ appId }: World): Row[] => [
  {
    event: "api_key.created",
    target: ["api_key", /^afd_live_\w{10}$/, "worker"],
    changes: [
      { field: "name", old: null, new: "worker" },
      { field: "app_id", old: null, new: appId },
      { field: "org_wide", old: null, new: false },
      { field: "scopes", old: null, new: ["events:write"] },
    ],
  },
];
const keyRevoked = ({ keyId }: World): Row[] => [
  {
    event: "api_key.revoked",
    target: ["api_key", keyPrefix({ id: keyId, mode: "live" }), "test"],
    changes: [{ field: "revoked_at", old: null, new: expect.any(String) }],
  },
];
const appMade: Row = {
  event: "app.created",
  target: ["app", UUID, "Billing"],
  changes: [{ field: "name", old: null, new: "Billing" }],
};
const appRenamed = ({ otherAppId }: World): Row[] => [
  {
    event: "app.renamed",
    target: ["app", otherAppId, "Invoices"],
    changes: [{ field: "name", old: "second", new: "Invoices" }],
  },
];
const appArchived = ({ otherAppId }: World): Row[] => [
  { event: "app.archived", target: ["app", otherAppId, "second"], changes: archived("in use", "archived") },
];
const appRestored = ({ otherAppId }: World): Row[] => [
  { event: "app.restored", target: ["app", otherAppId, "second"], changes: archived("archived", "in use") },
];

export const ACTIONS: Record<string, Entry> = {
  renameAccountAction: {
    input: () => ({ name: "Ada" }),
    rows: (world) => [
      { event: "account.renamed", target: self(world), changes: [{ field: "name", old: null, new: "Ada" }] },
    ],
  },
  changeEmailAction: {
    input: ({ orgId }) => ({ email: `${orgId}@example.org`, current_password: PASSWORD }),
    rows: (world) => [
      {
        event: "account.email_changed",
        target: self(world),
        changes: [{ field: "email", old: world.owner.email, new: `${world.orgId}@example.org` }],
      },
    ],
  },
  changePasswordAction: {
    input: () => ({ current_password: PASSWORD, new_password: OTHER_PASSWORD }),
    first: otherSession,
    rows: (world) => [
      {
        event: "account.password_changed",
        target: self(world),
        changes: HIDDEN_CHANGE,
        details: { sessions_ended: 1 },
      },
    ],
  },
  endSessionAction: {
    input: async (world) => ({ id: await otherSession(world) }),
    rows: ({ owner }) => [{ event: "session.ended", target: ["session", UUID, owner.email] }],
  },
  signOutEverywhereAction: {
    input: () => ({}),
    first: otherSession,
    rows: (world) => [{ event: "session.all_ended", target: self(world), details: { sessions_ended: 2 } }],
  },
  createApiKeyAction: { input: newKey, rows: keyMade },
  revokeApiKeyAction: { input: ({ keyId }) => ({ id: keyId }), rows: keyRevoked },
  createAppAction: { input: () => ({ name: "Billing" }), rows: () => [appMade] },
  renameAppAction: { input: ({ otherAppId }) => ({ id: otherAppId, name: "Invoices" }), rows: appRenamed },
  archiveAppAction: { input: ({ otherAppId }) => ({ id: otherAppId }), rows: appArchived },
  restoreAppAction: { input: ({ otherAppId }) => ({ id: otherAppId }), first: archive, rows: appRestored },
};

export const ROUTES: Record<string, Entry> = {
  // The rows are what it is for: it is no act besides.
  "POST /v1/events": { input: () => ({ kind: "call", outcome: "success" }), rows: () => [] },
  "POST /v1/apps": { input: () => ({ name: "Billing" }), rows: () => [appMade] },
  "PATCH /v1/apps/{id}": {
    id: ({ otherAppId }) => otherAppId,
    input: () => ({ name: "Invoices" }),
    rows: appRenamed,
  },
  "DELETE /v1/apps/{id}": { id: ({ otherAppId }) => otherAppId, input: () => undefined, rows: appArchived },
  "POST /v1/apps/{id}/restore": {
    id: ({ otherAppId }) => otherAppId,
    first: archive,
    input: () => undefined,
    rows: appRestored,
  },
  "POST /v1/api-keys": { input: newKey, rows: keyMade },
  "DELETE /v1/api-keys/{id}": { id: ({ keyId }) => keyId, input: () => undefined, rows: keyRevoked },
};
