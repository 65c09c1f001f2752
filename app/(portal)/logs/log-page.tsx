import "server-only";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
  type LogRules,
  type LogState,
  parseLogState,
  resolveWindow,
  toNextSecond,
} from "@/components/log-filters/url-state";
import { describeKind } from "@/components/log-table/describe-kind";
import { FIRST_PAGE_ROWS, type LogQuery, pageQuery } from "@/components/log-table/events.queries";
import { logRules } from "@/components/log-table/log-rules";
import { LogView, type LogViewProps } from "@/components/log-table/log-view";
import { NoApplication } from "@/components/log-table/no-application";
import type { Granted } from "@/lib/access/granted";
import { listApps } from "@/lib/apps/apps";
import { readFilter } from "@/lib/filters/read-filter";
import type { KindDef } from "@/lib/log-kinds/define";
import { parseMicros } from "@/lib/log-kinds/time";
import { searchEvents } from "@/lib/query/search";

type Reader = Granted<"events:read">;
type Params = Record<string, string | string[] | undefined>;

/** What every log page's route gets. */
export interface LogRouteProps {
  searchParams: Promise<Params>;
}

function pairs(params: Params): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** Absent fields are null in the API's answers; between our own server and browser they need not travel. */
function withoutNulls<R extends object>(row: R): R {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as R;
}

/** The first page of rows, into the cache that the browser goes on with. What fails here is asked again by the browser, which can say why. */
async function prefetch(client: QueryClient, ctx: Reader, kind: KindDef, query: LogQuery): Promise<void> {
  const search = async () => {
    const page = await searchEvents(ctx, {
      appIds: [query.appId],
      kind: query.kind,
      fromMicros: parseMicros(query.from) ?? 0,
      toMicros: parseMicros(query.to) ?? 0,
      filter: readFilter(Object.entries(query.filters), [kind]),
      limit: FIRST_PAGE_ROWS,
    });
    return { ...page, events: page.events.map(withoutNulls) };
  };
  await client.query({ ...pageQuery(query, null), queryFn: search, retry: false }).catch(() => undefined);
}

interface Asked {
  kind: string;
  rules: LogRules;
  appIds: readonly string[];
  asOfMs: number;
}

function askedQuery(params: Params, { kind, rules, appIds, asOfMs }: Asked): LogQuery | undefined {
  const state: LogState = parseLogState(pairs(params), rules);
  const appId = state.appId ?? appIds[0];
  if (state.problems.length > 0 || appId === undefined || !appIds.includes(appId)) return undefined;
  return { appId, kind, ...resolveWindow(state.window, asOfMs), filters: state.filters, asOfMs };
}

/** The applications whose logs this person may see; the first is home. */
export async function appsOf(ctx: Reader): Promise<LogViewProps["apps"]> {
  const names = new Map((await listApps(ctx)).map(({ id, name }) => [id, name]));
  return ctx.appIds.map((id) => ({ id, name: names.get(id) ?? id }));
}

interface LogPageProps
  extends LogRouteProps,
    Pick<LogViewProps, "queryLinks" | "keyNames" | "actNames" | "sourceNames"> {
  ctx: Reader;
  kind: KindDef;
  /** Whose logs it shows; the first is home. */
  apps: LogViewProps["apps"];
  /** Between the bar and the rows. */
  children?: ReactNode;
}

/** The page of any kind's log: its first rows come with the HTML. */
export async function LogPage({ ctx, kind, apps, searchParams, children, ...links }: LogPageProps) {
  if (apps.length === 0) return <NoApplication canCreate={ctx.permissions.has("apps:manage")} />;
  const view = describeKind(kind);
  const asOfMs = toNextSecond(Date.now());
  const client = new QueryClient();
  const appIds = apps.map(({ id }) => id);
  const query = askedQuery(await searchParams, { kind: kind.id, rules: logRules(view), appIds, asOfMs });
  if (query) await prefetch(client, ctx, kind, query);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <LogView kind={view} apps={apps} asOfMs={asOfMs} canExport={ctx.permissions.has("exports:create")} {...links}>
        {children}
      </LogView>
    </HydrationBoundary>
  );
}
