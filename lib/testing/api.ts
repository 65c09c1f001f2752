import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { makeApiKey } from "@/lib/access/api-key-format";
import { SCOPES } from "@/lib/access/policy";
import { createApi } from "@/lib/api/app";
import { insertApp } from "@/lib/apps/apps";
import { arrange } from "./arrange";

export interface TestApi {
  url: string;
  close: () => Promise<void>;
}

/** The product's API over real HTTP, in this process, on a port of its own. */
export async function startApi(): Promise<TestApi> {
  const server: Server = createServer(getRequestListener(createApi().fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Tenant {
  orgId: string;
  appId: string;
  /** A second app of the same organization. */
  otherAppId: string;
  /** Organization-wide, every scope. */
  key: string;
}

/** A key with exactly these scopes. */
export async function makeKey(
  orgId: string,
  appId: string,
  options: { scopes: readonly string[]; orgWide?: boolean },
): Promise<string> {
  const made = makeApiKey("live");
  await arrange((tx) =>
    tx.apiKey.create({
      data: {
        id: made.id,
        mode: made.mode,
        name: "test",
        orgId,
        appId,
        orgWide: options.orgWide ?? false,
        scopes: [...options.scopes],
        secretHash: new Uint8Array(made.secretHash),
      },
    }),
  );
  return made.text;
}

/** An organization with two apps and a key that may do everything in it. */
export async function makeTenant(name: string): Promise<Tenant> {
  const made = await arrange(async (tx) => {
    const org = await tx.organization.create({ data: { name } });
    await tx.$executeRaw`select audit.create_log(${org.id}::uuid, null)`;
    const app = await insertApp(tx, org.id, "first");
    const other = await insertApp(tx, org.id, "second");
    return { orgId: org.id, appId: app.id, otherAppId: other.id };
  });
  return { ...made, key: await makeKey(made.orgId, made.appId, { scopes: SCOPES, orgWide: true }) };
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any;
}

/** One request with a key; the body is sent as JSON unless it is bytes or text. */
export async function ask(
  api: TestApi,
  key: string | undefined,
  path: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { method = init.body === undefined ? "GET" : "POST", body, headers = {} } = init;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(api.url + path, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}
