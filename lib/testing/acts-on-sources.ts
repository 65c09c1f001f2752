import { expect } from "vitest";
import { type Entry, type Row, UUID, type World } from "./acts";

/** The same as acts.ts, for data sources. */
const ids = new WeakMap<World, string>();
const idOf = (world: World) => ids.get(world) ?? "";
const PLACE = { database: "shop", schema: "public", table: "people" };

/** A data source that can be reached, with one column in its catalogue. */
async function connect(world: World): Promise<void> {
  const { hostname, port, pathname, username, password } = world.postgres;
  const { id } = await world.ask("POST", "/v1/data-sources", {
    name: "Orders",
    app_id: world.appId,
    type: "postgres",
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    username,
    ...(password && { password: decodeURIComponent(password) }),
    tls: "disable",
    tls_reason: "a test on one machine",
  });
  ids.set(world, id);
  const columns = [{ ...PLACE, column: "email", data_type: "text" }];
  await world.ask("PUT", `/v1/data-sources/${id}/catalogue`, { columns });
}

const told = (world: World, row: Omit<Row, "target">, name = "Orders"): Row[] => [
  { ...row, target: ["data_source", idOf(world) || UUID, name] },
];
const fresh = { name: "New", type: "mysql" };
const connected = (world: World) =>
  told(
    world,
    {
      event: "data_source.connected",
      changes: [
        { field: "name", old: null, new: "New" },
        { field: "app_id", old: null, new: world.appId },
        { field: "type", old: null, new: "mysql" },
        { field: "state", old: null, new: "connected" },
      ],
    },
    "New",
  );
const updated = (world: World) =>
  told(world, { event: "data_source.updated", changes: [{ field: "name", old: "Orders", new: "Sales" }] }, "Sales");
const disconnected = (world: World) =>
  told(world, {
    event: "data_source.disconnected",
    changes: [
      { field: "password", old: "***", new: null },
      { field: "state", old: "connected", new: "disconnected" },
    ],
  });
const tested = (world: World) =>
  told(world, {
    event: "data_source.tested",
    details: { version: expect.stringMatching(/^PostgreSQL \d/) },
  });
const covered = (world: World) =>
  told(world, { event: "data_source.tested", details: { what: "coverage", level: "error" } });
const UNTOUCHED = { connected: 0, disconnected: 0, retagged: 0, retyped: 0 };
const catalogued = (details: object) => (world: World) => told(world, { event: "data_source.catalogued", details });
const refreshed = catalogued({ ...UNTOUCHED, columns: expect.any(Number), added: expect.any(Number), removed: 1 });
const connectedOff = { ...PLACE, column: "email", connected: false };
const columnOff = (world: World) =>
  told(world, {
    event: "data_source.columns_changed",
    changes: [{ field: "shop.public.people.email connected", old: true, new: false }],
    details: { ...PLACE, column: "email", columns: 1, connected: 0, disconnected: 1, retagged: 0 },
  });
const id = (world: World) => ({ id: idOf(world) });

export const ACTIONS_ON_SOURCES: Record<string, Entry> = {
  createDataSourceAction: { input: ({ appId }) => ({ ...fresh, app_id: appId }), rows: connected },
  updateDataSourceAction: {
    first: connect,
    input: (world) => ({ ...id(world), changes: { name: "Sales" } }),
    rows: updated,
  },
  disconnectDataSourceAction: { first: connect, input: id, rows: disconnected },
  testDataSourceAction: { first: connect, input: id, rows: tested },
  refreshCatalogueAction: { first: connect, input: id, rows: refreshed },
  changeCatalogueAction: {
    first: connect,
    input: (world) => ({ ...id(world), change: connectedOff }),
    rows: columnOff,
  },
};

const none = () => undefined;

export const ROUTES_ON_SOURCES: Record<string, Entry> = {
  "POST /v1/data-sources": { input: ({ appId }) => ({ ...fresh, app_id: appId }), rows: connected },
  "PATCH /v1/data-sources/{id}": { first: connect, id: idOf, input: () => ({ name: "Sales" }), rows: updated },
  "DELETE /v1/data-sources/{id}": { first: connect, id: idOf, input: none, rows: disconnected },
  "POST /v1/data-sources/{id}/test": { first: connect, id: idOf, input: none, rows: tested },
  "GET /v1/data-sources/{id}/coverage": { first: connect, id: idOf, input: none, rows: covered },
  "POST /v1/data-sources/{id}/refresh": { first: connect, id: idOf, input: none, rows: refreshed },
  "PATCH /v1/data-sources/{id}/catalogue": {
    first: connect,
    id: idOf,
    input: () => connectedOff,
    rows: columnOff,
  },
  "PUT /v1/data-sources/{id}/catalogue": {
    first: connect,
    id: idOf,
    input: () => ({ columns: [] }),
    rows: catalogued({ ...UNTOUCHED, columns: 0, added: 0, removed: 1 }),
  },
};
