import type { TestApi } from "./api";

/** Requests made from the OpenAPI document alone, so that a new route is asked too without anybody thinking of it. */
interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  example?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  prefixItems?: Schema[];
}

interface Operation {
  description: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface DocumentedRoute {
  method: string;
  /** `/v1/apps/{id}` */
  path: string;
  /** The scope that the document says it wants. */
  scope: string;
  /** The scopes of which any one suffices, where there are several: `scope` is the first. */
  scopes: string[];
  queryNames: string[];
  /** A body that the contract takes, where there is one. `app_id` in it is the given app. */
  body: (appId: string) => unknown;
  /** Whether a request names an app in its query or body. */
  namesApp: boolean;
}

interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const itemsOf = ({ prefixItems, items }: Schema): Schema[] => prefixItems ?? (items ? [items] : []);

function sample(document: ApiDocument, schema: Schema, appId: string): unknown {
  const known = schema.$ref ? document.components?.schemas?.[schema.$ref.split("/").at(-1) ?? ""] : undefined;
  if (known) return sample(document, known, appId);
  const [variant] = schema.anyOf ?? schema.oneOf ?? [];
  if (variant) return sample(document, variant, appId);
  if (schema.const !== undefined) return schema.const;
  if (schema.properties) {
    const wanted = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name));
    return Object.fromEntries(
      wanted.map(([name, property]) => [name, name === "app_id" ? appId : sample(document, property, appId)]),
    );
  }
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.type === "array") return itemsOf(schema).map((item) => sample(document, item, appId));
  return schema.type === "string" ? "text" : schema.type === "boolean" ? false : 1;
}

function toRoute(document: ApiDocument, method: string, path: string): DocumentedRoute {
  const operation = document.paths[path]?.[method] as Operation;
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const queryNames = (operation.parameters ?? []).filter((one) => one.in === "query").map((one) => one.name);
  const marker = "names-app";
  const body = (appId: string) => (schema ? sample(document, schema, appId) : undefined);
  const [, said = ""] = /Scope: (.+)\.$/.exec(operation.description) ?? [];
  const scopes = [...said.matchAll(/`([\w:]+)`/g)].map(([, scope = ""]) => scope);
  return {
    method: method.toUpperCase(),
    path,
    scope: scopes[0] ?? "",
    scopes,
    queryNames,
    body,
    namesApp: queryNames.includes("app_id") || JSON.stringify(body(marker) ?? null).includes(marker),
  };
}

/** Every operation that the document lists. */
export async function documentedRoutes(api: Pick<TestApi, "url">): Promise<DocumentedRoute[]> {
  const document = (await (await fetch(`${api.url}/v1/openapi.json`)).json()) as ApiDocument;
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => toRoute(document, method, path)),
  );
}

/** The query string of a route: the window and the kind where it takes them, and the app if one is to be named. */
export function queryOf(route: DocumentedRoute, appId: string | undefined): string {
  const hour = 3_600_000;
  const values: Record<string, string | undefined> = {
    app_id: appId,
    from: new Date(Date.now() - hour).toISOString(),
    to: new Date(Date.now() + hour).toISOString(),
    kind: "call",
    // A live stream: what there is, then its end.
    seconds: "0",
  };
  const query = new URLSearchParams();
  for (const name of route.queryNames) {
    const value = values[name];
    if (value !== undefined) query.set(name, value);
  }
  return query.size > 0 ? `?${query}` : "";
}
