import { text as textOf } from "node:stream/consumers";
import { expect, test } from "vitest";
import { serveOneRoute } from "@/lib/testing/one-route";
import { sendDownload } from "./send-download";

const PIECE = Buffer.alloc(1_048_576, "x");
let ended: (how: string) => void = () => {};

/** More than any buffers between hold. */
async function* body(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  try {
    for (let pieces = 0; pieces < 64; pieces += 1) yield PIECE;
  } finally {
    ended(signal.aborted ? "aborted" : "given up or whole");
  }
}

const open = serveOneRoute((c) =>
  sendDownload(
    c as never,
    async (signal) => ({ headers: {}, body: body(signal), trailer: { name: "x-end", value: () => "whole" } }),
    500,
  ),
);

test("a client that takes nothing is given up, and does not take what it has for the whole", async () => {
  const over = new Promise<string>((resolve) => {
    ended = resolve;
  });
  const response = await open();
  expect(await over).toBe("given up or whole");
  await expect(textOf(response)).rejects.toThrow(/aborted|ECONNRESET/);
  expect(response.complete).toBe(false);
});

test("one that takes all gets it whole", async () => {
  const response = await open();
  expect(await textOf(response)).toHaveLength(64 * PIECE.length);
  expect(response.trailers["x-end"]).toBe("whole");
});
