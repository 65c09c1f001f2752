"use server";

import { action } from "@/lib/access/action";
import { ChangeCatalogueForm } from "@/lib/contracts/catalogue";
import { CreateDataSource, DataSourceId, UpdateDataSourceForm } from "@/lib/contracts/data-sources";
import { disconnectDataSource, updateDataSource } from "./change";
import { changeCatalogue } from "./change-catalogue";
import { createDataSource } from "./data-sources";
import { refreshCatalogue } from "./refresh";
import { testDataSource } from "./test-connection";

export const createDataSourceAction = action("sources:manage", CreateDataSource, createDataSource);
export const updateDataSourceAction = action("sources:manage", UpdateDataSourceForm, (ctx, { id, changes }) =>
  updateDataSource(ctx, id, changes),
);
export const disconnectDataSourceAction = action("sources:manage", DataSourceId, (ctx, { id }) =>
  disconnectDataSource(ctx, id),
);
export const testDataSourceAction = action("sources:manage", DataSourceId, (ctx, { id }) => testDataSource(ctx, id));
export const refreshCatalogueAction = action("sources:manage", DataSourceId, (ctx, { id }) =>
  refreshCatalogue(ctx, id),
);
export const changeCatalogueAction = action("sources:manage", ChangeCatalogueForm, (ctx, { id, change }) =>
  changeCatalogue(ctx, id, change),
);
