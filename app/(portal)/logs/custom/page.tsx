import type { Metadata } from "next";
import { sourceNamesOf } from "@/components/log-detail/query-link";
import { SanitizeWarning } from "@/components/log-page/sanitize-warning";
import { WordSearch } from "@/components/log-page/word-search";
import { page } from "@/lib/access/page";
import { listSourceNames } from "@/lib/data-sources/data-sources";
import { TEXT_FILTER } from "@/lib/filters/filter";
import { custom } from "@/lib/log-kinds/custom/custom";
import { appsOf, LogPage, type LogRouteProps } from "../log-page";

export const metadata: Metadata = { title: "Custom" };

export default async function CustomPage({ searchParams }: LogRouteProps) {
  const ctx = await page("events:read");
  const [apps, sources] = await Promise.all([appsOf(ctx), listSourceNames(ctx)]);
  return (
    <LogPage ctx={ctx} kind={custom} apps={apps} sourceNames={sourceNamesOf(sources)} searchParams={searchParams}>
      <div className="flex flex-col gap-2 border-line border-b px-3 py-2 sm:px-4">
        <SanitizeWarning />
        <WordSearch filter={TEXT_FILTER} label="Search the details" />
      </div>
    </LogPage>
  );
}
