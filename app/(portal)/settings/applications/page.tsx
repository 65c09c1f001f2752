import type { Metadata } from "next";
import { ApplicationList } from "@/components/applications/application-list";
import { CreateApplication } from "@/components/applications/create-application";
import { NotAllowed } from "@/components/ui/not-allowed";
import { SettingsPage } from "@/components/ui/settings-page";
import { pageOrRefusal } from "@/lib/access/page";
import { listManagedApps } from "@/lib/apps/apps";

export const metadata: Metadata = { title: "Applications" };

export default async function ApplicationsPage() {
  const ctx = await pageOrRefusal("apps:manage");
  if ("refused" in ctx) return <NotAllowed title="Applications" role={ctx.role} act="manage applications" />;
  return (
    <SettingsPage
      title="Applications"
      lead="Every application has one log, append-only and numbered without gaps. Programs write to it with an API key."
      action={<CreateApplication />}
    >
      <ApplicationList apps={await listManagedApps(ctx)} />
    </SettingsPage>
  );
}
