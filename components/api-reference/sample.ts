import { type ApiDocument, type Endpoint, resolve, type Schema } from "./openapi";

/** A value that the schema takes, made of the examples in it. */
export function exampleOf(document: ApiDocument, given: Schema): unknown {
  const schema = resolve(document, given);
  if (schema.example !== undefined) return schema.example;
  const [variant] = schema.anyOf ?? schema.oneOf ?? [];
  if (variant) return exampleOf(document, variant);
  if (schema.properties) {
    const shown = Object.entries(schema.properties).filter(
      ([name, property]) => schema.required?.includes(name) || resolve(document, property).example !== undefined,
    );
    return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(document, property)]));
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.items) return [exampleOf(document, schema.items)];
  return schema.enum?.[0] ?? schema.default ?? null;
}

/** Which variable of the shell stands for the id in a path. */
function pathVariable(path: string): string {
  if (path.startsWith("/v1/apps/")) return "$APP_ID";
  if (path.startsWith("/v1/data-sources/")) return "$SOURCE_ID";
  return path.startsWith("/v1/api-keys/") ? "$KEY_ID" : "$EVENT_ID";
}

/** JSON between single quotes of the shell. Ids of applications are the reader's own, so they are a variable. */
function quoted(body: unknown): string {
  const text = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
  return `'${text.replace(/"app_id": "[^"]*"/, `"app_id": "'"$APP_ID"'"`)}'`;
}

/** The operation as a command that can be pasted into a shell which has AFFIDAVIT_URL and AFFIDAVIT_API_KEY. */
export function curlOf({ method, path, operation }: Endpoint): string {
  const query = operation["x-sample-query"];
  const address = path.replace(/\{\w+\}/, pathVariable(path)) + (query ? `?${query}` : "");
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const isFile = Object.values(operation.responses).some((answer) => answer.content?.["text/csv"]);
  const verb = method === "GET" || (method === "POST" && content) ? "" : ` -X ${method}`;
  return [
    `curl${verb} "$AFFIDAVIT_URL${address}"`,
    `  -H "Authorization: Bearer $AFFIDAVIT_API_KEY"`,
    ...(content ? [`  -H 'Content-Type: ${type}'`, `  -d ${quoted(content.example)}`] : []),
    ...(isFile ? ["  -o calls.csv"] : []),
  ].join(" \\\n");
}
