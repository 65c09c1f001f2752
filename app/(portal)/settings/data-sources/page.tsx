import type { Metadata } from "next";
import { ConnectSource } from "@/components/data-sources/connect-source";
import { SourceList } from "@/components/data-sources/source-list";
import { NotAllowed } from "@/components/ui/not-allowed";
import { SettingsPage } from "@/components/ui/settings-page";
import { pageOrRefusal } from "@/lib/access/page";
import { listApps } from "@/lib/apps/apps";
import type { NewestRows } from "@/lib/contracts/newest-row";
import { listDataSources } from "@/lib/data-sources/data-sources";
import { newestRowOf } from "@/lib/query/newest-row";

export const metadata: Metadata = { title: "Data sources" };

/** Sources whose newest rows are looked for side by side: connections of the database are few. */
const AT_ONCE = 4;

export default async function DataSourcesPage() {
  const ctx = await pageOrRefusal("sources:manage", "events:read");
  if ("refused" in ctx) return <NotAllowed title="Data sources" role={ctx.role} act="manage data sources" />;
  const [sources, apps] = await Promise.all([listDataSources(ctx), listApps(ctx)]);
  const names = new Map(apps.map(({ id, name }) => [id, name]));
  const newest = new Map<string, NewestRows>();
  const used = sources.filter(({ state }) => state === "connected");
  for (let at = 0; at < used.length; at += AT_ONCE) {
    const few = used.slice(at, at + AT_ONCE);
    const rows = await Promise.all(few.map(({ app_id, id }) => newestRowOf(ctx, { appId: app_id, dataSourceId: id })));
    for (const [index, { id }] of few.entries()) newest.set(id, rows[index] as NewestRows);
  }
  const listed = sources.map((source) => ({
    source,
    appName: names.get(source.app_id) ?? "",
    newest: newest.get(source.id),
  }));
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
