import type { Metadata } from "next";
import { CategoryTabs } from "@/components/log-page/category-tabs";
import { NotAllowed } from "@/components/ui/not-allowed";
import { grant, SYSTEM_LOG } from "@/lib/access/door";
import { page } from "@/lib/access/page";
import { listApiKeys } from "@/lib/api-keys/api-keys";
import { kinds } from "@/lib/log-kinds/registry";
import { CATEGORIES, CATEGORY_IDS } from "@/lib/log-kinds/system/categories";
import { system } from "@/lib/log-kinds/system/system";
import { organizationName } from "@/lib/organization/organization";
import { EVENTS } from "@/lib/system-audit/events";
import { appsOf, LogPage, type LogRouteProps } from "../log-page";

export const metadata: Metadata = { title: "System audit" };

const CATEGORY_TABS = CATEGORY_IDS.map((id) => ({
  id,
  label: CATEGORIES[id].label,
  legacy: "legacy" in CATEGORIES[id],
}));

const EVENT_LABELS = Object.fromEntries(Object.entries(EVENTS).map(([event, { label }]) => [event, label]));
const KIND_TITLES = Object.fromEntries(kinds.map(({ id, title }) => [id, title]));

type Reader = Awaited<ReturnType<typeof page<"events:read">>>;

/** Prefix → name of the keys that this person may see. */
async function keyNamesOf(ctx: Reader): Promise<Record<string, string>> {
  if (!ctx.permissions.has("keys:manage")) return {};
  const keys = await listApiKeys(grant(ctx, "keys:manage"));
  return Object.fromEntries(keys.map(({ prefix, name }) => [prefix, name]));
}

export default async function SystemAuditPage({ searchParams }: LogRouteProps) {
  const ctx = await page("events:read");
  if (!ctx.seesWholeOrganization) {
    const role = ctx.actor.type === "user" ? ctx.actor.role : "";
    return <NotAllowed title="System audit" role={role} act="read the acts of the whole organization" />;
  }
  const [name, keyNames, apps] = await Promise.all([organizationName(ctx), keyNamesOf(ctx), appsOf(ctx)]);
  const appNames = Object.fromEntries(apps.map((app) => [app.id, app.name]));
  const actNames = { apps: { ...appNames, [SYSTEM_LOG]: "System" }, events: EVENT_LABELS, kinds: KIND_TITLES };
  return (
    <LogPage
      ctx={ctx}
      kind={system}
      apps={[{ id: SYSTEM_LOG, name }]}
      keyNames={keyNames}
      actNames={actNames}
      searchParams={searchParams}
    >
      <CategoryTabs filter="category" categories={CATEGORY_TABS} />
    </LogPage>
  );
}
