import type { Metadata } from "next";
import { queryLinksOf } from "@/components/log-detail/query-link";
import { page } from "@/lib/access/page";
import { listSourceNames } from "@/lib/data-sources/data-sources";
import { query } from "@/lib/log-kinds/query/query";
import { appsOf, LogPage, type LogRouteProps } from "../log-page";

export const metadata: Metadata = { title: "Query log" };

export default async function QueryLogPage({ searchParams }: LogRouteProps) {
  const ctx = await page("events:read");
  const [apps, sources] = await Promise.all([appsOf(ctx), listSourceNames(ctx)]);
  return <LogPage ctx={ctx} kind={query} apps={apps} queryLinks={queryLinksOf(sources)} searchParams={searchParams} />;
}
