import { connection } from "next/server";
import { env } from "@/lib/config/env";
import { listManual } from "@/lib/manual/manual";

/** An index of the documentation for programs that read (https://llmstxt.org). */
export async function GET(): Promise<Response> {
  // Its address is known when the server runs, not when it is built.
  await connection();
  const origin = env().publicUrl;
  const pages = (await listManual()).map(({ name, title, lead }) => `- [${title}](${origin}/docs/${name}): ${lead}`);
  const text = `# Affidavit

> A self-hosted audit log: programs write what happened over HTTP, people look it up in a portal, other systems pull it. One append-only log per application, numbered in commit order without gaps.

## API

- [API reference](${origin}/docs/api): every operation with parameters, bodies, answers, errors, limits and a curl sample
- [OpenAPI 3.1](${origin}/v1/openapi.json): the same for programs

## Documentation

${pages.join("\n")}
`;
  return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } });
}
