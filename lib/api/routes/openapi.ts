import "server-only";
import { TAGS } from "../operation-doc";
import { sendJson } from "../reply";
import type { Api } from "../route";

export function openApiDocument(api: Api): object {
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Affidavit",
      version: "1",
      description: `An audit log that never loses a row: one log per application, numbered in commit order.

JSON in and out, UTF-8, snake_case. Times are RFC 3339 with a zone; those that come out are UTC. Unknown fields and parameters are refused by name, never ignored. A \`+\` in an address means a space: write the zone \`+02:00\` as \`%2B02:00\`, or send UTC with \`Z\`.

A key belongs to one home application; a request that names no \`app_id\` goes there.`,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/", description: "The server that this document comes from." }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  });
}

export function addOpenApi(api: Api): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "afd_live_…",
    description:
      "`Authorization: Bearer afd_live_…`: an API key from Settings → API keys. What it may do is its scopes; each operation names the one that it needs. The portal's own pages use the session's cookie instead.",
  });
  let document: object | undefined;
  api.get("/v1/openapi.json", (c) => {
    document ??= openApiDocument(api);
    return sendJson(c, document);
  });
}
