import "server-only";
import {
  CsvText,
  DownloadHeaders,
  DownloadQuery,
  EventAnswer,
  EventQuery,
  FacetsAnswer,
  HistogramAnswer,
  HistogramQuery,
  NearestAnswer,
  SearchAnswer,
  SearchQuery,
  TailAnswer,
  TailQuery,
  WindowQuery,
} from "@/lib/contracts/events";
import { AppError } from "@/lib/errors/app-error";
import { downloadCsv } from "@/lib/exports/download";
import { withDownloadSlot } from "@/lib/exports/download-slots";
import { decodeSearch, decodeTail } from "@/lib/query/cursor";
import { facetsOf } from "@/lib/query/facets";
import { getEvent } from "@/lib/query/get-event";
import { histogramOf } from "@/lib/query/histogram";
import { nearestTo } from "@/lib/query/nearest";
import { searchEvents } from "@/lib/query/search";
import { tailEvents } from "@/lib/query/tail";
import { addressedApps, addressedLog, filterOf, kindsOf, refuseRest } from "../params";
import { sendJson } from "../reply";
import { type Api, route } from "../route";
import { sendDownload } from "../send-download";
import { windowQueryOf } from "../window";

function addTail(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/events",
      operation: "tailEvents",
      permission: "events:read",
      query: TailQuery,
      filters: true,
      answer: TailAnswer,
    },
    async ({ c, ctx, subject, query, rest }) => {
      if (query.after !== undefined && query.created_after !== undefined) {
        throw new AppError("invalid_query", "Send `after` or `created_after`, not both.");
      }
      kindsOf(query.kind);
      const page = await tailEvents(ctx, {
        appId: addressedLog(subject, query.app_id, query.kind),
        filter: filterOf(rest, query.kind),
        limit: query.limit,
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.after !== undefined && { after: decodeTail(query.after) }),
        ...(query.created_after !== undefined && { createdAfterMicros: query.created_after }),
      });
      return sendJson(c, page);
    },
  );
}

function addSearch(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/events/search",
      operation: "searchEvents",
      permission: "events:read",
      query: SearchQuery,
      filters: true,
      answer: SearchAnswer,
    },
    async ({ c, ctx, query, ...input }) => {
      const window = await windowQueryOf({ ...input, query });
      const cursor = query.cursor === undefined ? undefined : decodeSearch(query.cursor);
      return sendJson(c, await searchEvents(ctx, { ...window, limit: query.limit, ...(cursor && { cursor }) }));
    },
  );
}

function addNearest(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/events/nearest",
      operation: "findNearest",
      permission: "events:read",
      query: WindowQuery,
      filters: true,
      answer: NearestAnswer,
    },
    async ({ c, ctx, ...input }) => sendJson(c, await nearestTo(ctx, await windowQueryOf(input))),
  );
}

function addCounts(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/events/facets",
      operation: "countValues",
      permission: "events:read",
      query: WindowQuery,
      filters: true,
      answer: FacetsAnswer,
    },
    async ({ c, ctx, ...input }) => sendJson(c, await facetsOf(ctx, await windowQueryOf(input))),
  );
  route(
    api,
    {
      method: "get",
      path: "/v1/events/histogram",
      operation: "countOverTime",
      permission: "events:read",
      query: HistogramQuery,
      filters: true,
      answer: HistogramAnswer,
    },
    async ({ c, ctx, ...input }) =>
      sendJson(c, await histogramOf(ctx, { ...(await windowQueryOf(input)), buckets: input.query.buckets })),
  );
}

function addOneEvent(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/events/{id}",
      operation: "readEvent",
      permission: "events:read",
      query: EventQuery,
      answer: EventAnswer,
    },
    async ({ c, ctx, subject, query, rest }) => {
      refuseRest(rest);
      const appIds = addressedApps(subject, query.app_id ?? ["all"]);
      return sendJson(
        c,
        await getEvent(ctx, { id: c.req.param("id") ?? "", appIds, createdAtMicros: query.created_at }),
      );
    },
  );
}

function addDownload(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/exports/download",
      operation: "downloadCsv",
      permission: "exports:create",
      query: DownloadQuery,
      filters: true,
      answer: CsvText,
      produces: "text/csv",
      answerHeaders: DownloadHeaders,
    },
    async ({ c, ctx, ...input }) => {
      if (input.query.kind === undefined)
        throw new AppError(
          "invalid_query",
          "kind: a CSV has the columns of one kind, so say which, such as kind=call.",
        );
      const query = { ...(await windowQueryOf(input)), kind: input.query.kind };
      return withDownloadSlot(ctx.orgId, () => sendDownload(c, (signal) => downloadCsv(ctx, { ...query, signal })));
    },
  );
}

/** Fixed paths before `{id}`: the router takes the first that fits. */
export function addReading(api: Api): void {
  addTail(api);
  addSearch(api);
  addNearest(api);
  addCounts(api);
  addOneEvent(api);
  addDownload(api);
}
