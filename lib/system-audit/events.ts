import "server-only";
import type { ACTIONS, Category } from "@/lib/log-kinds/system/categories";

export interface EventDef {
  category: Category;
  action: (typeof ACTIONS)[number];
  /** The act in words. */
  label: string;
}

/**
 * Every act of our own that is recorded, one line each. Names are for ever: rows carry them, and outside systems may not
 * use them.
 */
export const EVENTS = {
  "api_key.created": { category: "api_keys", action: "create", label: "API key made" },
  "api_key.revoked": { category: "api_keys", action: "remove", label: "API key revoked" },
  "app.created": { category: "applications", action: "create", label: "Application made" },
  "app.renamed": { category: "applications", action: "update", label: "Application renamed" },
  "app.archived": { category: "applications", action: "archive", label: "Application archived" },
  "app.restored": { category: "applications", action: "restore", label: "Application restored" },
  "organization.created": { category: "administrators", action: "create", label: "Organization made" },
  "member.added": { category: "administrators", action: "create", label: "Person added" },
  "member.role_changed": { category: "administrators", action: "update", label: "Role changed" },
  "account.renamed": { category: "administrators", action: "update", label: "Own name changed" },
  "account.email_changed": { category: "administrators", action: "update", label: "Own e-mail address changed" },
  "account.password_changed": { category: "administrators", action: "update", label: "Own password changed" },
  "password.reset": { category: "administrators", action: "update", label: "Password reset on the host" },
  "password_link.issued": { category: "administrators", action: "create", label: "One-time password link made" },
  "password_link.used": { category: "administrators", action: "update", label: "Password chosen by one-time link" },
  "sign_in.succeeded": { category: "sign_in", action: "sign_in", label: "Signed in" },
  "sign_in.failed": { category: "sign_in", action: "sign_in", label: "Sign-in refused" },
  "sign_out.done": { category: "sign_in", action: "sign_out", label: "Signed out" },
  "session.ended": { category: "sign_in", action: "sign_out", label: "Another session ended" },
  "session.all_ended": { category: "sign_in", action: "sign_out", label: "Signed out everywhere" },
  "audit.view": { category: "access", action: "view", label: "Rows viewed" },
  "audit.event.open": { category: "access", action: "open", label: "Row opened whole" },
  "audit.export.download": { category: "access", action: "download", label: "Rows downloaded" },
  "data_source.connected": { category: "data_sources", action: "connect", label: "Data source connected" },
  "data_source.updated": { category: "data_sources", action: "update", label: "Data source changed" },
  "data_source.disconnected": { category: "data_sources", action: "disconnect", label: "Data source disconnected" },
  "data_source.tested": { category: "data_sources", action: "test", label: "Data source tested" },
  "data_source.catalogued": {
    category: "data_sources",
    action: "update",
    label: "Catalogue of a data source replaced",
  },
  "data_source.columns_changed": {
    category: "data_sources",
    action: "update",
    label: "Columns of a data source changed",
  },
} as const satisfies Record<string, EventDef>;

export type EventName = keyof typeof EVENTS;

/** Names that differ only in case and punctuation are one to a reader. */
const spoken = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
const beginningOf = (name: string) => spoken(name.split(/[.:]/, 1)[0] ?? "");

const OWN_NAMES = new Set(Object.keys(EVENTS).map(spoken));
const OWN_BEGINNINGS = new Set(Object.keys(EVENTS).map(beginningOf));

/**
 * Whether an ASCII event name reads as one of our own acts, today's or a future one: it is one of theirs, or what stands
 * before its first dot or colon is, in any case and with any punctuation.
 */
export function readsAsOwnEvent(name: string): boolean {
  return OWN_NAMES.has(spoken(name)) || OWN_BEGINNINGS.has(beginningOf(name));
}
