import type { Metadata } from "next";
import { queryLinksOf, sourceNamesOf } from "@/components/log-detail/query-link";
import { page } from "@/lib/access/page";
import { listSourceNames } from "@/lib/data-sources/data-sources";
import { query } from "@/lib/log-kinds/query/query";
import { appsOf, LogPage, type LogRouteProps } from "../log-page";

export const metadata: Metadata = { title: "Query log" };

export default async function QueryLogPage({ searchParams }: LogRouteProps) {
  const ctx = await page("events:read");
  const [apps, sources] = await Promise.all([appsOf(ctx), listSourceNames(ctx)]);
  const names = { queryLinks: queryLinksOf(sources), sourceNames: sourceNamesOf(sources) };
  return <LogPage ctx={ctx} kind={query} apps={apps} {...names} searchParams={searchParams} />;
}
