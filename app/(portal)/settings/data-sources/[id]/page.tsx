import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { CatalogueView } from "@/components/data-sources/catalogue-view";
import { CollectorCommand } from "@/components/data-sources/collector-command";
import { CoverageFindings } from "@/components/data-sources/coverage-findings";
import { DisconnectSource } from "@/components/data-sources/disconnect-source";
import { EditSource } from "@/components/data-sources/edit-source";
import { SnowflakeGrants } from "@/components/data-sources/snowflake-grants";
import { LastTest, Silence, SourceState } from "@/components/data-sources/source-facts";
import { TestSource } from "@/components/data-sources/test-source";
import { TYPE_NAMES } from "@/components/data-sources/type-names";
import { CopyButton } from "@/components/ui/copy-button";
import { NotAllowed } from "@/components/ui/not-allowed";
import { SettingsPage } from "@/components/ui/settings-page";
import { pageOrRefusal } from "@/lib/access/page";
import { env } from "@/lib/config/env";
import { type DataSource, DataSourceId } from "@/lib/contracts/data-sources";
import { findDataSource } from "@/lib/data-sources/data-sources";
import { newestRowOf } from "@/lib/query/newest-row";

export const metadata: Metadata = { title: "Data source" };

export default async function DataSourcePage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await pageOrRefusal("sources:manage", "events:read");
  if ("refused" in ctx) return <NotAllowed title="Data source" role={ctx.role} act="manage data sources" />;
  const { data } = DataSourceId.safeParse(await params);
  const source = data && (await findDataSource(ctx, data.id));
  if (!source) notFound();
  const newest = await newestRowOf(ctx, { appId: source.app_id, dataSourceId: source.id });
  const inUse = source.state === "connected";
  return (
    <SettingsPage
      title={source.name}
      lead={`${TYPE_NAMES[source.type]}${source.host === null ? "" : ` at ${source.host}:${source.port}/${source.database}`}`}
      action={
        <span className="flex flex-wrap gap-2">
          {inUse && source.host !== null ? <TestSource source={source} /> : null}
          <EditSource source={source} />
          {inUse ? <DisconnectSource source={source} /> : null}
        </span>
      }
    >
      <div className="flex flex-col gap-1.5">
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <SourceState state={source.state} />
          {inUse ? <Silence newest={newest} now={new Date().toISOString()} /> : null}
        </span>
        {inUse ? <LastTest source={source} /> : null}
        <span className="flex flex-wrap items-center gap-2">
          <span className="break-all font-mono text-faint text-xs">{source.id}</span>
          <CopyButton text={source.id} label="Copy ID" />
        </span>
        <Link href="/settings/data-sources" prefetch={false} className="self-start text-accent text-xs hover:underline">
          All data sources
        </Link>
      </div>
      {source.type === "snowflake" ? <SnowflakeGrants source={source} /> : null}
      {source.type === "postgres" && inUse ? <PostgresSections source={source} /> : null}
      <Section id="catalogue" title="Catalogue">
        <CatalogueView source={source} />
      </Section>
    </SettingsPage>
  );
}

/** What is told of a server that has log files: whether they will hold anything, and how they are read. */
function PostgresSections({ source }: { source: DataSource }) {
  return (
    <>
      <Section id="coverage" title="What will be recorded">
        {source.host === null ? (
          <p className="text-muted text-sm">Give its connection, and its settings can be checked from here.</p>
        ) : (
          <CoverageFindings source={source} />
        )}
      </Section>
      <Section id="collector" title="Collector">
        <CollectorCommand source={source} origin={env().publicUrl} />
      </Section>
    </>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="font-medium text-sm">
        {title}
      </h2>
      {children}
    </section>
  );
}
