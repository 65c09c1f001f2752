import { once } from "node:events";
import { expect, test } from "vitest";
import type { LiveStep } from "@/lib/query/live";
import { serveOneRoute } from "@/lib/testing/one-route";
import { sendLive } from "./send-live";

const STEP: LiveStep = { rows: [{ json: `{"text":"${"x".repeat(1_048_576)}"}`, cursor: "1" }], cursor: "1" };
const STEPS = 64;
let asked = 0;
let ended: () => void = () => {};

async function* steps(): AsyncGenerator<LiveStep, void> {
  try {
    for (asked = 0; asked < STEPS; asked += 1) yield STEP;
  } finally {
    ended();
  }
}

const { signal: stop } = new AbortController();
const open = serveOneRoute((c) => sendLive(c as never, steps, { stop, takenWithinMs: 500 }));
const over = () =>
  new Promise<void>((resolve) => {
    ended = resolve;
  });

test("nothing is read on for a client that takes nothing, and it is ended", async () => {
  const end = over();
  const response = await open();
  await end;
  // What the system's buffers between the two hold.
  expect(asked).toBeLessThan(16);
  response.resume();
  await expect(once(response, "end")).rejects.toThrow(/aborted|ECONNRESET/);
  expect(response.complete).toBe(false);
});

test("one that takes all is sent all", async () => {
  const response = await open();
  response.resume();
  await once(response, "end");
  expect(asked).toBe(STEPS);
});

test("a client that goes away ends it at once", async () => {
  const end = over();
  const response = await open();
  response.destroy();
  await end;
  expect(asked).toBeLessThan(STEPS);
});
