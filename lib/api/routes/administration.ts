import "server-only";
import { z } from "zod";
import { forgetKeySubjects } from "@/lib/access/api-key";
import { createApiKey, listApiKeys, revokeApiKey } from "@/lib/api-keys/api-keys";
import { archiveApp, createApp, listApps, renameApp, restoreApp } from "@/lib/apps/apps";
import { ApiKey, ApiKeyList, CreateApiKey, NewApiKey } from "@/lib/contracts/api-keys";
import { App, AppList, CreateApp, RenameApp } from "@/lib/contracts/apps";
import type { ApiContext } from "../context";
import { pathId, refuseRest } from "../params";
import { sendJson, setBaseHeaders } from "../reply";
import { type Api, jsonBody, route } from "../route";

const none = z.strictObject({});
const appIdOf = (c: ApiContext) => pathId(c, "application");

function addApps(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/apps",
      operation: "listApps",
      permission: "events:read",
      query: none,
      answer: AppList,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, { apps: await listApps(ctx), home_app_id: ctx.homeAppId ?? null });
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/v1/apps",
      operation: "createApp",
      permission: "apps:manage",
      query: none,
      body: CreateApp,
      status: 201,
      answer: App,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      const app = await createApp(ctx, await jsonBody(c, CreateApp));
      forgetKeySubjects();
      return sendJson(c, app, 201);
    },
  );
}

function addChangesOfApps(api: Api): void {
  route(
    api,
    {
      method: "patch",
      path: "/v1/apps/{id}",
      operation: "renameApp",
      permission: "apps:manage",
      query: none,
      body: RenameApp,
      answer: App,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await renameApp(ctx, appIdOf(c), await jsonBody(c, RenameApp)));
    },
  );
  route(
    api,
    {
      method: "delete",
      path: "/v1/apps/{id}",
      operation: "archiveApp",
      permission: "apps:manage",
      query: none,
      status: 204,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      await archiveApp(ctx, appIdOf(c));
      forgetKeySubjects();
      setBaseHeaders(c);
      return c.body(null, 204);
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/v1/apps/{id}/restore",
      operation: "restoreApp",
      permission: "apps:manage",
      query: none,
      answer: App,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      const app = await restoreApp(ctx, appIdOf(c));
      forgetKeySubjects();
      return sendJson(c, app);
    },
  );
}

function addApiKeys(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/v1/api-keys",
      operation: "listApiKeys",
      permission: "keys:manage",
      query: none,
      answer: ApiKeyList,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, { api_keys: await listApiKeys(ctx) });
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/v1/api-keys",
      operation: "createApiKey",
      permission: "keys:manage",
      query: none,
      body: CreateApiKey,
      status: 201,
      answer: NewApiKey,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await createApiKey(ctx, await jsonBody(c, CreateApiKey)), 201);
    },
  );
  route(
    api,
    {
      method: "delete",
      path: "/v1/api-keys/{id}",
      operation: "revokeApiKey",
      permission: "keys:manage",
      query: none,
      answer: ApiKey,
    },
    async ({ c, ctx, rest }) => {
      refuseRest(rest);
      return sendJson(c, await revokeApiKey(ctx, c.req.param("id") ?? ""));
    },
  );
}

export function addAdministration(api: Api): void {
  addApps(api);
  addChangesOfApps(api);
  addApiKeys(api);
}
