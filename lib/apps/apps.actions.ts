"use server";

import { action } from "@/lib/access/action";
import { AppId, CreateApp, RenameAppForm } from "@/lib/contracts/apps";
import { archiveApp, createApp, renameApp, restoreApp } from "./apps";

export const createAppAction = action("apps:manage", CreateApp, createApp);
export const renameAppAction = action("apps:manage", RenameAppForm, (ctx, { id, name }) =>
  renameApp(ctx, id, { name }),
);
export const archiveAppAction = action("apps:manage", AppId, (ctx, { id }) => archiveApp(ctx, id));
export const restoreAppAction = action("apps:manage", AppId, (ctx, { id }) => restoreApp(ctx, id));
