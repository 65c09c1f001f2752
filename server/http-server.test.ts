import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { drain, listen, makeServer } from "./http-server";

const servers: ReturnType<typeof makeServer>[] = [];

async function serve(): Promise<number> {
  const server = makeServer((request, response) => {
    request.resume();
    request.on("end", () => response.end("done"));
  });
  servers.push(server);
  await listen(server, "127.0.0.1", 0);
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

function open(port: number, bytes: string): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  return socket;
}

afterEach(() => Promise.all(servers.splice(0).map((server) => drain(server, 0))));

describe("the HTTP server", () => {
  test("answers what is not HTTP with a problem and closes", async () => {
    const answer = await text(open(await serve(), "hello\r\n\r\n"));
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({
      status: 400,
      code: "invalid_request",
      detail: "This is not an HTTP request.",
    });
  });

  test("refuses headers over 16 KiB with 431", async () => {
    const answer = await text(
      open(await serve(), `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("answers headers that do not arrive within 10 s with 408", async () => {
    const begun = Date.now();
    const answer = await text(open(await serve(), "GET / HTTP/1.1\r\nHost: a\r\n"));
    expect(Date.now() - begun).toBeGreaterThan(9_000);
    expect(Date.now() - begun).toBeLessThan(14_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nContent-Type: application\/problem\+json\r\n/);
    expect(answer).toContain('"code":"timeout"');
  }, 20_000);

  test("drains: what is under way is finished, what idles is closed", async () => {
    const port = await serve();
    const idle = open(port, "");
    await new Promise((resolve) => idle.once("connect", resolve));
    const [server] = servers.splice(0);
    if (!server) throw new Error("no server");
    const request = new Promise((resolve) => server.once("request", resolve));
    const connections = () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
    const busy = open(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    while ((await connections()) < 2) await new Promise(setImmediate);
    await request;
    const begun = Date.now();
    const drained = drain(server, 4_000);
    busy.write("cd");
    expect(await text(busy)).toContain("done");
    await drained;
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  test("says in one sentence that its port is taken", async () => {
    const port = await serve();
    await expect(
      listen(
        makeServer(() => {}),
        "127.0.0.1",
        port,
      ),
    ).rejects.toThrow(`Port ${port} is in use by another program`);
  });
});
