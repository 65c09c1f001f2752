import type { Metadata } from "next";
import { page } from "@/lib/access/page";
import { call } from "@/lib/log-kinds/call/call";
import { appsOf, LogPage, type LogRouteProps } from "../log-page";

export const metadata: Metadata = { title: "Calls" };

export default async function CallsPage({ searchParams }: LogRouteProps) {
  const ctx = await page("events:read");
  return <LogPage ctx={ctx} kind={call} apps={await appsOf(ctx)} searchParams={searchParams} />;
}
