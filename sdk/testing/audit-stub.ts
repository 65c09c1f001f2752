import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server that is not well answers; undefined: nothing, ever. */
export type StubAnswer = { status: number; headers?: Record<string, string>; body?: unknown } | undefined;

export interface Stub {
  url: string;
  /** Bodies of all requests so far, parsed, and when they came (performance.now()). */
  requests: { path: string; body: { events: { id: string }[] } | undefined; at: number }[];
  close: () => Promise<void>;
}

export const receiptsFor = (events: readonly { id: string }[]): StubAnswer => ({
  status: 201,
  body: {
    receipts: events.map(({ id }, seq) => ({ id, seq, created_at: "2026-11-22T00:00:00.000000Z", status: "created" })),
  },
});

/** Stands for an audit server in states that the real one takes no order for: busy, broken, hung, behind a bad proxy. */
export async function startStub(
  answer: (events: readonly { id: string }[], attempt: number) => StubAnswer,
): Promise<Stub> {
  const requests: Stub["requests"] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = text === "" ? undefined : (JSON.parse(text) as { events: { id: string }[] });
    requests.push({ path: request.url ?? "", body, at: performance.now() });
    const told = answer(body?.events ?? [], requests.length);
    if (!told) return;
    const type = told.status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(told.status, { "content-type": type, ...told.headers }).end(JSON.stringify(told.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
