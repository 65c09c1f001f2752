import "server-only";
import { z } from "zod";
import {
  CATALOGUE_BYTES_MAX,
  CATALOGUE_COLUMNS_MAX,
  Catalogue,
  CatalogueChange,
  CatalogueChanged,
  CatalogueQuery,
  ChangeCatalogue,
  ReplaceCatalogue,
  ReplaceCatalogueList,
  SentColumn,
} from "@/lib/contracts/catalogue";
import { Coverage } from "@/lib/contracts/coverage";
import {
  CreateDataSource,
  DataSource,
  DataSourceBrief,
  DataSourceList,
  UpdateDataSource,
} from "@/lib/contracts/data-sources";
import { readCatalogue, replaceCatalogue } from "@/lib/data-sources/catalogue";
import { disconnectDataSource, updateDataSource } from "@/lib/data-sources/change";
import { changeCatalogue } from "@/lib/data-sources/change-catalogue";
import { checkCoverage } from "@/lib/data-sources/coverage";
import { createDataSource, getDataSource, listDataSources } from "@/lib/data-sources/data-sources";
import { refreshCatalogue } from "@/lib/data-sources/refresh";
import { testDataSource } from "@/lib/data-sources/test-connection";
import type { ApiContext } from "../context";
import { pathId, refuseRest } from "../params";
import { sendJson } from "../reply";
import { type Api, jsonBody, longJsonBody, route } from "../route";

const none = z.strictObject({});
const sourceIdOf = (c: ApiContext) => pathId(c, "data source");
/** Seven members a column, and two a tag: an average of six tags. */
const CATALOGUE_LIST = {
  bytesMax: CATALOGUE_BYTES_MAX,
  keysMax: CATALOGUE_COLUMNS_MAX * 20,
  list: "columns",
  element: SentColumn,
} as const;

function addSources(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/data-sources",
      operation: "listDataSources",
      permission: "sources:manage",
      query: none,
      answer: DataSourceList,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, { data_sources: await listDataSources(ctx) });
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/v1/data-sources",
      operation: "createDataSource",
      permission: "sources:manage",
      query: none,
      body: CreateDataSource,
      status: 201,
      answer: DataSource,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await createDataSource(ctx, await jsonBody(c, CreateDataSource)), 201);
    },
  );
  route(
    api,
    {
      method: "get",
      path: "/v1/data-sources/{id}",
      operation: "getDataSource",
      permission: ["sources:manage", "events:write"],
      query: none,
      answer: z.union([DataSource, DataSourceBrief]),
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await getDataSource(ctx, sourceIdOf(c)));
    },
  );
}

function addChanges(api: Api): void {
  route(
    api,
    {
      method: "patch",
      path: "/v1/data-sources/{id}",
      operation: "updateDataSource",
      permission: "sources:manage",
      query: none,
      body: UpdateDataSource,
      answer: DataSource,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await updateDataSource(ctx, sourceIdOf(c), await jsonBody(c, UpdateDataSource)));
    },
  );
  route(
    api,
    {
      method: "delete",
      path: "/v1/data-sources/{id}",
      operation: "disconnectDataSource",
      permission: "sources:manage",
      query: none,
      answer: DataSource,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await disconnectDataSource(ctx, sourceIdOf(c)));
    },
  );
}

function addCatalogue(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/data-sources/{id}/catalogue",
      operation: "readCatalogue",
      permission: ["sources:manage", "events:write"],
      query: CatalogueQuery,
      answer: Catalogue,
    },
    async ({ c, ctx, query, rest }) => {
      refuseRest(rest);
      return sendJson(c, await readCatalogue(ctx, sourceIdOf(c), query));
    },
  );
  route(
    api,
    {
      method: "put",
      path: "/v1/data-sources/{id}/catalogue",
      operation: "replaceCatalogue",
      permission: "sources:manage",
      query: none,
      body: ReplaceCatalogue,
      answer: CatalogueChange,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      const sent = await longJsonBody(c, ReplaceCatalogueList, CATALOGUE_LIST);
      return sendJson(c, await replaceCatalogue(ctx, sourceIdOf(c), sent));
    },
  );
}

function addCatalogueChanges(api: Api): void {
  route(
    api,
    {
      method: "patch",
      path: "/v1/data-sources/{id}/catalogue",
      operation: "changeCatalogue",
      permission: "sources:manage",
      query: none,
      body: ChangeCatalogue,
      answer: CatalogueChanged,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await changeCatalogue(ctx, sourceIdOf(c), await jsonBody(c, ChangeCatalogue)));
    },
  );
}

function addConnection(api: Api): void {
  route(
    api,
    {
      method: "post",
      path: "/v1/data-sources/{id}/test",
      operation: "testDataSource",
      permission: "sources:manage",
      query: none,
      answer: DataSource,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await testDataSource(ctx, sourceIdOf(c)));
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/v1/data-sources/{id}/refresh",
      operation: "refreshCatalogue",
      permission: "sources:manage",
      query: none,
      answer: CatalogueChange,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await refreshCatalogue(ctx, sourceIdOf(c)));
    },
  );
  route(
    api,
    {
      method: "get",
      path: "/v1/data-sources/{id}/coverage",
      operation: "checkCoverage",
      permission: "sources:manage",
      query: none,
      answer: Coverage,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await checkCoverage(ctx, sourceIdOf(c)));
    },
  );
}

export function addDataSources(api: Api): void {
  addSources(api);
  addChanges(api);
  addCatalogue(api);
  addCatalogueChanges(api);
  addConnection(api);
}
