import type { Metadata } from "next";
import { page } from "@/lib/access/page";
import { query } from "@/lib/log-kinds/query/query";
import { appsOf, LogPage, type LogRouteProps } from "../log-page";

export const metadata: Metadata = { title: "Query log" };

export default async function QueryLogPage({ searchParams }: LogRouteProps) {
  const ctx = await page("events:read");
  return <LogPage ctx={ctx} kind={query} apps={await appsOf(ctx)} searchParams={searchParams} />;
}
