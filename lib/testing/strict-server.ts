import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { canonicalJson } from "@/lib/ingest/canonical-json";
import { parseStrictJson } from "@/lib/ingest/strict-json";
import { call } from "@/lib/log-kinds/call/call";

/** Answers in the server's place. @returns whether it did */
export type Mood = (response: ServerResponse) => boolean;

interface StrictServerOptions {
  key: string;
  appId: string;
  /** Asked before each answer: for outages and answers that are lost. */
  mood: Mood;
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): boolean {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  return true;
}

/** An answer as ours fail. */
export const problem = (response: ServerResponse, status: number, detail: string, errors: unknown[] = []): boolean =>
  answer(response, status, { code: "x", detail, errors }, { "content-type": "application/problem+json" });

function faultsOf(event: Record<string, unknown>, index: number) {
  const { id, kind, ...fields } = event;
  const faults = (call.input.safeParse(fields).error?.issues ?? []).map((issue) => ({
    pointer: `/events/${index}/${issue.path.join("/")}`,
    message: issue.message,
  }));
  if (kind !== "call" || !/^[0-9a-f-]{36}$/.test(String(id)))
    faults.push({ pointer: `/events/${index}/id`, message: "must be a UUID" });
  return faults;
}

/**
 * As strict as POST /v1/events, without a database: all or nothing, ids for ever, the real schema. It can fail in ways in
 * which the real one cannot be made to.
 */
export async function startStrictServer({ key, appId, mood }: StrictServerOptions) {
  /** Events by their id, as canonical JSON. */
  const stored = new Map<string, string>();
  const requests: { url: string; events: number; bytes: number }[] = [];

  function store(response: ServerResponse, events: readonly Record<string, unknown>[]): boolean {
    const faults = events.flatMap(faultsOf).slice(0, 20);
    if (faults.length > 0) return problem(response, 422, "Nothing was stored.", faults);
    const isOther = (event: object, before: string | undefined) =>
      (before ?? canonicalJson(event)) !== canonicalJson(event);
    const conflict = events.find((event) => isOther(event, stored.get(String(event.id))));
    if (conflict) return problem(response, 409, `The id ${conflict.id} was used for another body.`);
    const receipts = events.map((event) => {
      const status = stored.has(String(event.id)) ? "duplicate" : "created";
      stored.set(String(event.id), canonicalJson(event));
      return { id: event.id, seq: stored.size, created_at: "2026-11-22T00:01:02.345678Z", status };
    });
    return answer(response, 201, { receipts });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (mood(response)) return true;
    if (request.headers.authorization !== `Bearer ${key}`) return problem(response, 401, "Send an API key.");
    if (request.url?.endsWith("/v1/apps"))
      return answer(response, 200, { apps: [{ id: appId, name: "Demo app" }], home_app_id: appId });
    if (body.length >= 1_048_576) return problem(response, 413, "too large");
    const { events } = parseStrictJson(body) as { events: Record<string, unknown>[] };
    requests.push({ url: String(request.url), events: events.length, bytes: body.length });
    return store(response, events);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stored,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
