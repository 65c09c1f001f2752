import { connect as connectTo, createServer, type Socket } from "node:net";
import pg from "pg";

/**
 * A connection pooler in transaction mode, as small as one can be: each client has its own connection for the time of a
 * transaction only. Stands in for PgBouncer, which a test machine need not have.
 */
const READY = 0x5a; // 'Z', whose fifth byte is the state: I idle, T in a transaction, E failed.

/** Splits what a server sends into messages, to find the one that says it is ready. */
function idleAfter(chunk: Buffer, rest: { buffer: Buffer }): boolean {
  let bytes = Buffer.concat([rest.buffer, chunk]);
  let idle = false;
  while (bytes.length >= 5 && bytes.length >= 1 + bytes.readInt32BE(1)) {
    const length = 1 + bytes.readInt32BE(1);
    idle = bytes[0] === READY && String.fromCharCode(bytes[5] ?? 0) === "I";
    bytes = bytes.subarray(length);
  }
  rest.buffer = bytes;
  return idle && bytes.length === 0;
}

interface Upstream {
  socket: Socket;
  rest: { buffer: Buffer };
}

class Pooler {
  private readonly idle: Upstream[] = [];
  readonly all: Socket[] = [];

  constructor(private readonly target: { path: string; greeting: Buffer; startup: Buffer }) {}

  private async open(): Promise<Upstream> {
    const socket = connectTo(this.target.path);
    this.all.push(socket);
    const upstream = { socket, rest: { buffer: Buffer.alloc(0) } };
    socket.write(this.target.startup);
    await new Promise<void>((resolve) => {
      socket.on("data", function untilReady(chunk: Buffer) {
        if (!idleAfter(chunk, upstream.rest)) return;
        socket.off("data", untilReady);
        resolve();
      });
    });
    return upstream;
  }

  serve(client: Socket): void {
    this.all.push(client);
    let held: Promise<Upstream> | undefined;
    client.on("error", () => {});
    client.once("data", () => {
      client.write(this.target.greeting);
      client.on("data", (chunk: Buffer) => {
        if (chunk[0] === 0x58) return; // 'X': the client leaves, the connection stays.
        held ??= this.take(client, () => {
          held = undefined;
        });
        void held.then(({ socket }) => socket.write(chunk));
      });
    });
  }

  private async take(client: Socket, release: () => void): Promise<Upstream> {
    const upstream = this.idle.pop() ?? (await this.open());
    const { socket, rest } = upstream;
    socket.on("data", function relay(this: Socket, chunk: Buffer) {
      client.write(chunk);
      if (!idleAfter(chunk, rest)) return;
      socket.off("data", relay);
      give();
    });
    const give = () => {
      release();
      this.idle.push(upstream);
    };
    return upstream;
  }
}

function startupMessage(user: string, database: string): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

/** AuthenticationOk and ReadyForQuery: all that a client needs to hear. */
const GREETING = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, READY, 0, 0, 0, 5, 0x49]);

/** Puts such a pooler before a server that is reached by a socket. */
export async function startTransactionPooler(url: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const { host, port, user, database } = new pg.Client({ connectionString: url });
  const pooler = new Pooler({
    path: `${host}/.s.PGSQL.${port}`,
    greeting: GREETING,
    startup: startupMessage(user ?? "", database ?? ""),
  });
  const server = createServer((client) => pooler.serve(client));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const own = typeof address === "object" && address ? address.port : 0;
  return {
    url: `postgresql://${user}@127.0.0.1:${own}/${database}`,
    stop: async () => {
      for (const socket of pooler.all) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
