import type { Metadata } from "next";
import { OrganizationId } from "@/components/preferences/organization-id";
import { SettingsPage } from "@/components/ui/settings-page";
import { page } from "@/lib/access/page";
import { listSourceNames } from "@/lib/data-sources/data-sources";

export const metadata: Metadata = { title: "Preferences" };

export default async function PreferencesPage() {
  const ctx = await page("events:read");
  const sources = ctx.permissions.has("sources:manage") ? await listSourceNames(ctx) : [];
  return (
    <SettingsPage title="Preferences" lead="What concerns the organization as a whole.">
      <OrganizationId id={ctx.orgId} snowflakes={sources.filter(({ type }) => type === "snowflake")} />
    </SettingsPage>
  );
}
