import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Freshness } from "@/components/snowflake/freshness";
import { SnowflakeSql } from "@/components/snowflake/snowflake-sql";
import { NotAllowed } from "@/components/ui/not-allowed";
import { Notice } from "@/components/ui/notice";
import { SettingsPage } from "@/components/ui/settings-page";
import { pageOrRefusal } from "@/lib/access/page";
import { env } from "@/lib/config/env";
import { getDataSource } from "@/lib/data-sources/data-sources";
import { AppError } from "@/lib/errors/app-error";
import { newestRowOf } from "@/lib/query/newest-row";
import { underscored } from "@/lib/snowflake/quote";

export const metadata: Metadata = { title: "Snowflake" };

export default async function SnowflakePage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await pageOrRefusal("sources:manage", "events:read");
  if ("refused" in ctx) return <NotAllowed title="Snowflake" role={ctx.role} act="manage data sources" />;
  const { id } = await params;
  const source = await getDataSource(ctx, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  });
  if (source.type !== "snowflake") notFound();
  const newest = await newestRowOf(ctx, { appId: source.app_id, dataSourceId: source.id });
  return (
    <SettingsPage
      title={`Snowflake: ${source.name}`}
      lead="SQL that makes this Snowflake account send custom events here, with the logins of each hour as the example."
    >
      <Freshness newest={newest} now={new Date().toISOString()} />
      <Notice tone="info" title="This SQL was not tried on Snowflake">
        It is written after Snowflake's documentation and tested here without a Snowflake account. Read it before you
        run it, with a role that may create integrations (ACCOUNTADMIN can).
      </Notice>
      <SnowflakeSql
        origin={env().publicUrl}
        appId={source.app_id}
        dataSourceId={source.id}
        schema={underscored(ctx.orgId)}
      />
    </SettingsPage>
  );
}
