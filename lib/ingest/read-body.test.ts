import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors/app-error";
import { readBody } from "./read-body";

const limits = { bytesMax: 1_048_576, timeoutMs: 300 };

interface Answer {
  status: number;
  body: Record<string, unknown> & { length?: number; sum?: number };
  ms: number;
}

let server: Server;
let port: number;
/** What became of each request, in order: also of those whose sender did not wait for an answer. */
const outcomes: (AppError | Buffer)[] = [];

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    readBody(incoming, limits).then(
      (body) => {
        outcomes.push(body);
        outgoing.end(
          JSON.stringify({ length: body.length, sum: body.reduce((sum, byte) => (sum + byte) % 65_521, 0) }),
        );
      },
      (error: unknown) => {
        if (!(error instanceof AppError)) throw error;
        outcomes.push(error);
        expect(error.options.closeConnection).toBe(true);
        const { code, options, status } = error;
        outgoing
          .writeHead(status, { connection: "close" })
          .end(JSON.stringify({ code, ...options.extra, detail: options.detail }));
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

async function send(body: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: body as BodyInit, headers });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), ms: performance.now() - started };
}
const gzip = { "content-encoding": "gzip" };

/** A request written by hand, for what a well-behaved client does not do. */
async function openRaw(head: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
  return socket;
}
async function answerOf(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  await once(socket, "close");
  return text;
}

describe("encodings", () => {
  test("identity and gzip are read whole, in one member or several", async () => {
    const text = Buffer.from(`${"a".repeat(100_000)}é`);
    const plain = await send(text);
    expect(plain).toMatchObject({ status: 200, body: { length: text.length } });
    expect(await send(text, { "content-encoding": "identity" })).toMatchObject({ status: 200, body: plain.body });
    expect(await send(gzipSync(text), gzip)).toMatchObject({ status: 200, body: plain.body });
    const members = Buffer.concat([gzipSync(text.subarray(0, 7)), gzipSync(text.subarray(7))]);
    expect(gunzipSync(members).equals(text)).toBe(true);
    expect(await send(members, { "content-encoding": "GZIP" })).toMatchObject({ status: 200, body: plain.body });
    expect(await send(Buffer.alloc(0))).toMatchObject({ status: 200, body: { length: 0 } });
  });

  test.each(["br", "deflate", "zstd", "compress", "gzip, gzip", "gzip,identity", "utf-8"])(
    "%s is refused",
    async (encoding) => {
      const answer = await send(gzipSync("{}"), { "content-encoding": encoding });
      expect(answer).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
      expect(answer.ms).toBeLessThan(100);
    },
  );

  test("damaged gzip is refused", async () => {
    const good = gzipSync(Buffer.from("hello ".repeat(1_000)));
    const wrongSum = Buffer.from(good);
    wrongSum.writeUInt32LE(1, good.length - 8);
    for (const damaged of [good.subarray(0, -1), good.subarray(0, 12), Buffer.from("{}"), wrongSum]) {
      expect(await send(damaged, gzip)).toMatchObject({ status: 400, body: { code: "invalid_encoding" } });
    }
  });

  test.each(["\0", "\0\0\0\0", "x", "{}", "\x1f", "\x1f\x8b\x08"])(
    "bytes after the gzip data are refused: %j",
    async (rest) => {
      const good = gzipSync(Buffer.from("hello ".repeat(1_000)));
      expect(await send(Buffer.concat([good, Buffer.from(rest, "latin1")]), gzip)).toMatchObject({ status: 400 });

      const socket = await openRaw(`Content-Encoding: gzip\r\nContent-Length: ${good.length + rest.length}`);
      const answer = answerOf(socket);
      await new Promise((resolve) => socket.write(good, resolve));
      await new Promise((resolve) => setImmediate(resolve));
      socket.write(Buffer.from(rest, "latin1"));
      expect(await answer).toMatch(/^HTTP\/1.1 400 /);
    },
  );

  test("whatever the bytes and wherever they are split, gzip in is what came out of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.nat(), async (bytes, at) => {
        const packed = gzipSync(bytes);
        const cut = at % packed.length;
        const socket = await openRaw(`Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: ${packed.length}`);
        const answer = answerOf(socket);
        socket.write(packed.subarray(0, cut));
        await new Promise((resolve) => setImmediate(resolve));
        socket.write(packed.subarray(cut));
        expect(await answer).toMatch(/^HTTP\/1.1 200 /);
        expect(outcomes.at(-1)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });
});

describe("sizes", () => {
  test("the limit itself is taken, one byte more is not", async () => {
    for (const [length, status] of [
      [limits.bytesMax - 1, 200],
      [limits.bytesMax, 200],
      [limits.bytesMax + 1, 413],
    ] as const) {
      const body = Buffer.alloc(length, 120);
      expect((await send(body)).status).toBe(status);
      expect((await send(gzipSync(body), gzip)).status).toBe(status);
    }
  });

  test("incompressible data of exactly the limit passes also with gzip", async () => {
    const noise = randomBytes(limits.bytesMax);
    expect((await send(gzipSync(noise), gzip)).status).toBe(200);
    expect((await send(gzipSync(noise, { level: 0 }), gzip)).status).toBe(200);
  });

  test("the refusal says the limit, what came, and what to do", async () => {
    expect((await send(Buffer.alloc(limits.bytesMax + 5))).body).toMatchObject({
      code: "payload_too_large",
      limit_bytes: 1_048_576,
      received_bytes: 1_048_581,
      detail: expect.stringMatching(/split/i),
    });
  });

  test("a declared length above the limit is refused before the body comes", async () => {
    const started = performance.now();
    const socket = await openRaw("Content-Length: 99999999999");
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 413 /);
    expect(performance.now() - started).toBeLessThan(200);
  });

  test("an endless body without a declared length is refused at the limit", async () => {
    const socket = await openRaw("Transfer-Encoding: chunked");
    const answer = answerOf(socket);
    socket.on("error", () => {});
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    for (let sent = 0; sent < 40; sent += 1) socket.write(chunk);
    expect(await answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test("a bomb of 200 MB is refused in under 100 ms and costs no more than the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    const [answer, ...others] = [await send(bomb, gzip), await send(bomb, gzip), await send(bomb, gzip)];
    expect(answer).toMatchObject({ status: 413, body: { limit_bytes: 1_048_576 } });
    expect(answer.body.received_bytes).toBeLessThan(2 * limits.bytesMax);
    // The fastest of three, as other test files share the machine.
    expect(Math.min(answer.ms, ...others.map(({ ms }) => ms))).toBeLessThan(100);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe("senders that do not behave", () => {
  test.each(["", "Content-Encoding: gzip\r\n"])("a body that stops arriving is answered 408 (%j)", async (head) => {
    const started = performance.now();
    const socket = await openRaw(`${head}Content-Length: 100`);
    socket.write("{");
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - started).toBeGreaterThan(limits.timeoutMs - 5);
  });

  test("a sender that goes away leaves nothing behind", async () => {
    const count = outcomes.length;
    for (const head of ["", "Content-Encoding: gzip\r\n"]) {
      const socket = await openRaw(`${head}Content-Length: 100`);
      await new Promise((resolve) => socket.write("{", resolve));
      socket.destroy();
    }
    await expect.poll(() => outcomes.length).toBe(count + 2);
    for (const outcome of outcomes.slice(count)) expect(outcome).toMatchObject({ code: "timeout" });
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_, open) => resolve(open))))
      .toBeLessThan(10);
  });

  test("a request that is already gone is refused at once", async () => {
    const gone = { destroyed: true, headers: {}, on: () => gone, off: () => gone } as unknown as IncomingMessage;
    await expect(readBody(gone, limits)).rejects.toMatchObject({ code: "timeout" });
  });
});
