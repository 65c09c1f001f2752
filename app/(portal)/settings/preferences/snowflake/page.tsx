import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Freshness } from "@/components/snowflake/freshness";
import { SnowflakeSql } from "@/components/snowflake/snowflake-sql";
import { Notice } from "@/components/ui/notice";
import { SettingsPage } from "@/components/ui/settings-page";
import { page } from "@/lib/access/page";
import { env } from "@/lib/config/env";
import { NEWEST_ROW_DAYS, newestRowOf } from "@/lib/query/newest-row";
import { underscored } from "@/lib/snowflake/quote";

export const metadata: Metadata = { title: "Snowflake" };

interface SnowflakePageProps {
  searchParams: Promise<{ app_id?: string; data_source_id?: string }>;
}

export default async function SnowflakePage({ searchParams }: SnowflakePageProps) {
  const ctx = await page("events:read");
  const asked = await searchParams;
  const appId = asked.app_id ?? ctx.homeAppId ?? ctx.appIds[0];
  if (appId === undefined || !ctx.appIds.includes(appId)) notFound();
  const dataSourceId = asked.data_source_id;
  const newest = dataSourceId ? await newestRowOf(ctx, { appId, dataSourceId }) : undefined;
  return (
    <SettingsPage
      title="Snowflake"
      lead="SQL that makes a Snowflake account send custom events here, with the logins of each hour as the example."
    >
      {newest ? <Freshness newest={newest} days={NEWEST_ROW_DAYS} now={new Date().toISOString()} /> : null}
      <Notice tone="info" title="This SQL was not tried on Snowflake">
        It is written after Snowflake's documentation and tested here without a Snowflake account. Read it before you
        run it, with a role that may create integrations (ACCOUNTADMIN can).
      </Notice>
      <SnowflakeSql
        origin={env().publicUrl}
        appId={appId}
        dataSourceId={dataSourceId ?? "snowflake"}
        schema={underscored(ctx.orgId)}
      />
    </SettingsPage>
  );
}
