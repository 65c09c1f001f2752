import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { type LogState, parseLogState, resolveWindow, toNextSecond } from "@/components/log-filters/url-state";
import { describeKind } from "@/components/log-table/describe-kind";
import { FIRST_PAGE_ROWS, type LogQuery, pageQuery } from "@/components/log-table/events.queries";
import { LogView } from "@/components/log-table/log-view";
import { NoApplication } from "@/components/log-table/no-application";
import type { Granted } from "@/lib/access/granted";
import { page } from "@/lib/access/page";
import { listApps } from "@/lib/apps/apps";
import { parseFilterParams } from "@/lib/filters/filter";
import { call } from "@/lib/log-kinds/call/call";
import { parseMicros } from "@/lib/log-kinds/time";
import { searchEvents } from "@/lib/query/search";

export const metadata: Metadata = { title: "Calls" };

interface CallsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

function pairs(params: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** Absent fields are null in the API's answers; between our own server and browser they need not travel. */
function withoutNulls<R extends object>(row: R): R {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as R;
}

/** The first page of rows, into the cache that the browser goes on with. What fails here is asked again by the browser, which can say why. */
async function prefetch(client: QueryClient, ctx: Granted<"events:read">, query: LogQuery): Promise<void> {
  const search = async () => {
    const page = await searchEvents(ctx, {
      appIds: [query.appId],
      kind: query.kind,
      fromMicros: parseMicros(query.from) ?? 0,
      toMicros: parseMicros(query.to) ?? 0,
      filter: parseFilterParams(Object.entries(query.filters), [call]),
      limit: FIRST_PAGE_ROWS,
    });
    return { ...page, events: page.events.map(withoutNulls) };
  };
  await client.query({ ...pageQuery(query, null), queryFn: search, retry: false }).catch(() => undefined);
}

function askedQuery(state: LogState, appIds: readonly string[], asOfMs: number): LogQuery | undefined {
  const appId = state.appId ?? appIds[0];
  if (state.problems.length > 0 || appId === undefined || !appIds.includes(appId)) return undefined;
  return { appId, kind: call.id, ...resolveWindow(state.window, asOfMs), filters: state.filters, asOfMs };
}

export default async function CallsPage({ searchParams }: CallsPageProps) {
  const ctx = await page("events:read");
  const kind = describeKind(call);
  const asOfMs = toNextSecond(Date.now());
  const fields = ["id", ...kind.fields.filter(({ filterable }) => filterable).map(({ name }) => name)];
  const query = askedQuery(parseLogState(pairs(await searchParams), fields), ctx.appIds, asOfMs);
  if (ctx.appIds.length === 0) return <NoApplication canCreate={ctx.permissions.has("apps:manage")} />;
  const client = new QueryClient();
  const [apps] = await Promise.all([listApps(ctx), query && prefetch(client, ctx, query)]);
  const names = new Map(apps.map(({ id, name }) => [id, name]));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <LogView
        kind={kind}
        apps={ctx.appIds.map((id) => ({ id, name: names.get(id) ?? id }))}
        asOfMs={asOfMs}
        canExport={ctx.permissions.has("exports:create")}
      />
    </HydrationBoundary>
  );
}
