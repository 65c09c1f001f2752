import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createApi } from "./app";
import { openApiDocument } from "./routes/openapi";

interface Operation {
  security?: unknown[];
  responses: Record<string, unknown>;
}
const document = () =>
  openApiDocument(createApi()) as { openapi: string; paths: Record<string, Record<string, Operation>> };

test("the committed description is the code's (npm run openapi)", () => {
  const committed = readFileSync(new URL("../../docs/api/openapi.json", import.meta.url), "utf8");
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(document())));
});

test("every address of /v1 is described, and says who may use it", () => {
  const described = new Set<string>();
  for (const [path, operations] of Object.entries(document().paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      described.add(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`);
      expect(operation.security, `${method} ${path}`).toEqual([{ apiKey: [] }]);
      expect(operation.responses.default).toBeDefined();
    }
  }
  const served = createApi()
    .routes.filter((route) => route.path.startsWith("/v1/") && route.method !== "ALL")
    .map((route) => `${route.method} ${route.path}`);
  expect([...described].sort()).toEqual(
    [...new Set(served)].filter((route) => route !== "GET /v1/openapi.json").sort(),
  );
});
