import type { Metadata } from "next";
import { ApplicationList } from "@/components/applications/application-list";
import { CreateApplication } from "@/components/applications/create-application";
import { SettingsPage } from "@/components/ui/settings-page";
import { page } from "@/lib/access/page";
import { listApps } from "@/lib/apps/apps";

export const metadata: Metadata = { title: "Applications" };

export default async function ApplicationsPage() {
  const ctx = await page("apps:manage", "events:read");
  return (
    <SettingsPage
      title="Applications"
      lead="Every application has one log, append-only and numbered without gaps. Programs write to it with an API key."
      action={<CreateApplication />}
    >
      <ApplicationList apps={await listApps(ctx)} />
    </SettingsPage>
  );
}
