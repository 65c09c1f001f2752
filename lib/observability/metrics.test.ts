import { expect, it, vi } from "vitest";

it("can be loaded twice in one process, as the server and Next's bundles do", async () => {
  const first = await import("./metrics");
  vi.resetModules();
  const second = await import("./metrics");
  expect(second).not.toBe(first);
  expect(second.queue).toBe(first.queue);
});
