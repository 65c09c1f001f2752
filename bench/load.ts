import net from "node:net";

/**
 * A keep-alive client over bare sockets, with pre-made bodies: it shares two cores with the server that it measures, and
 * Node's own HTTP client would take a fifth of them. It reads answers with a Content-Length, which ours all have.
 */
export interface Client {
  post: (path: string, body: Buffer) => Promise<Answer>;
  get: (path: string) => Promise<Answer>;
  close: () => void;
}

interface Answer {
  status: number;
  text: string;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** One connection, one request at a time; opened anew where the server has closed it since. */
class Line {
  private readonly url: URL;
  private socket: net.Socket | undefined;
  private got: Buffer = Buffer.alloc(0);
  private settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(url: URL) {
    this.url = url;
  }

  private open(): net.Socket {
    const socket = net.connect({ host: this.url.hostname, port: Number(this.url.port), noDelay: true });
    socket.on("data", (chunk) => this.take(chunk));
    socket.on("error", (error) => this.settle?.reject(error));
    socket.on("close", () => {
      this.socket = undefined;
      this.settle?.reject(new Error("the server closed the connection"));
    });
    return socket;
  }

  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket ??= this.open();
      this.socket.write(request);
    });
  }

  private take(chunk: Buffer): void {
    this.got = this.got.length === 0 ? chunk : Buffer.concat([this.got, chunk]);
    const head = this.got.indexOf(HEAD_END);
    if (head < 0) return;
    const text = this.got.toString("latin1", 0, head);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) this.settle?.reject(new Error(`an answer without Content-Length:\n${text}`));
    const from = head + HEAD_END.length;
    if (this.got.length < from + length) return;
    const answer = { status: Number(text.slice(9, 12)), text: this.got.toString("utf8", from, from + length) };
    this.got = this.got.subarray(from + length);
    const { settle } = this;
    this.settle = undefined;
    settle?.resolve(answer);
  }

  close(): void {
    this.settle = undefined;
    this.socket?.destroy();
  }
}

/** @param connections how many requests may be under way at once; more wait their turn */
export function makeClient(url: string, key: string, connections: number): Client {
  const target = new URL(url);
  const lines = Array.from({ length: connections }, () => new Line(target));
  const idle = [...lines];
  const waiting: ((line: Line) => void)[] = [];
  const send = async (request: Buffer): Promise<Answer> => {
    const line = idle.pop() ?? (await new Promise<Line>((resolve) => waiting.push(resolve)));
    try {
      return await line.ask(request);
    } finally {
      const next = waiting.shift();
      if (next) next(line);
      else idle.push(line);
    }
  };
  const head = (method: string, path: string) =>
    `${method} ${path} HTTP/1.1\r\nHost: ${target.host}\r\nAuthorization: Bearer ${key}\r\n`;
  return {
    post: (path, body) => {
      const start = `${head("POST", path)}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      return send(Buffer.concat([Buffer.from(start), body]));
    },
    get: (path) => send(Buffer.from(`${head("GET", path)}\r\n`)),
    close: () => {
      for (const line of lines) line.close();
    },
  };
}

/** Runs `work` from so many loops at once until `seconds` have passed; returns how often it ran, how long, and each latency in ms. */
export async function drive(
  loops: number,
  seconds: number,
  work: (turn: number) => Promise<void>,
): Promise<{ turns: number; seconds: number; latencies: number[] }> {
  const start = performance.now();
  const latencies: number[] = [];
  let turn = 0;
  const loop = async () => {
    while (performance.now() - start < seconds * 1000) {
      const began = performance.now();
      const mine = turn;
      turn += 1;
      await work(mine);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  return { turns: latencies.length, seconds: (performance.now() - start) / 1000, latencies };
}
