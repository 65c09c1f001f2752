import "server-only";
import { sendJson } from "../reply";
import type { Api } from "../route";

export function openApiDocument(api: Api): object {
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Affidavit",
      version: "1",
      description: "An audit log that never loses a row: one log per app, numbered in commit order.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
  });
}

export function addOpenApi(api: Api): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "afd_live_…",
  });
  let document: object | undefined;
  api.get("/v1/openapi.json", (c) => {
    document ??= openApiDocument(api);
    return sendJson(c, document);
  });
}
