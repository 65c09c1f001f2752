import { expect, test, vi } from "vitest";

test("is loaded twice by one process, as Next's bundles do, and counts in one place", async () => {
  const first = await import("./metrics");
  vi.resetModules();
  const second = await import("./metrics");
  expect(second).not.toBe(first);
  expect(second.queue).toBe(first.queue);
  first.countAcknowledged([{ status: "created" }]);
  second.countAcknowledged([{ status: "created" }]);
  expect((await second.metricsText()).text).toContain('affidavit_events_acknowledged_total{status="created"} 2');
});
