import type { Metadata } from "next";
import { OrganizationId } from "@/components/preferences/organization-id";
import { SettingsPage } from "@/components/ui/settings-page";
import { page } from "@/lib/access/page";

export const metadata: Metadata = { title: "Preferences" };

export default async function PreferencesPage() {
  const { orgId } = await page("events:read");
  return (
    <SettingsPage title="Preferences" lead="What concerns the organization as a whole.">
      <OrganizationId id={orgId} />
    </SettingsPage>
  );
}
