import http from "node:http";

/** A keep-alive client with pre-made bodies: as little work as possible beside the server that it measures. */
export interface Client {
  post: (path: string, body: Buffer) => Promise<{ status: number; text: string }>;
  get: (path: string) => Promise<{ status: number; text: string }>;
  close: () => void;
}

export function makeClient(url: string, key: string, connections: number): Client {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const send = (method: string, path: string, body?: Buffer) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers: http.OutgoingHttpHeaders = { authorization: `Bearer ${key}` };
      if (body) Object.assign(headers, { "content-type": "application/json", "content-length": body.length });
      const request = http.request(url + path, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      request.on("error", reject);
      request.end(body);
    });
  return {
    post: (path, body) => send("POST", path, body),
    get: (path) => send("GET", path),
    close: () => agent.destroy(),
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
