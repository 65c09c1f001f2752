import type { Metadata } from "next";
import { ConnectSource } from "@/components/data-sources/connect-source";
import { SourceList } from "@/components/data-sources/source-list";
import { NotAllowed } from "@/components/ui/not-allowed";
import { SettingsPage } from "@/components/ui/settings-page";
import { pageOrRefusal } from "@/lib/access/page";
import { listApps } from "@/lib/apps/apps";
import { listDataSources } from "@/lib/data-sources/data-sources";
import { newestRowOf } from "@/lib/query/newest-row";

export const metadata: Metadata = { title: "Data sources" };

export default async function DataSourcesPage() {
  const ctx = await pageOrRefusal("sources:manage", "events:read");
  if ("refused" in ctx) return <NotAllowed title="Data sources" role={ctx.role} act="manage data sources" />;
  const [sources, apps] = await Promise.all([listDataSources(ctx), listApps(ctx)]);
  const names = new Map(apps.map(({ id, name }) => [id, name]));
  const listed = await Promise.all(
    sources.map(async (source) => ({
      source,
      appName: names.get(source.app_id) ?? "",
      newest: await newestRowOf(ctx, { appId: source.app_id, dataSourceId: source.id }),
    })),
  );
  return (
    <SettingsPage
      title="Data sources"
      lead="Databases whose use is audited. A data source belongs to an application, whose log has its rows."
      action={apps.length > 0 ? <ConnectSource apps={apps.map(({ id, name }) => ({ id, name }))} /> : null}
    >
      <SourceList sources={listed} now={new Date().toISOString()} />
    </SettingsPage>
  );
}
