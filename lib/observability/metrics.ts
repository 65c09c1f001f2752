import "server-only";
import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from "prom-client";

/** Prometheus metrics of this process. No label ever holds a tenant's data. */
function makeMetrics() {
  collectDefaultMetrics({ prefix: "affidavit_" });
  /** How much waits; the batchers keep it. */
  const queue = { events: 0, bytes: 0 };
  new Gauge({
    name: "affidavit_ingest_queue_events",
    help: "Events that wait for their batch.",
    collect() {
      this.set(queue.events);
    },
  });
  return {
    queue,
    eventsAcknowledged: new Counter({
      name: "affidavit_events_acknowledged_total",
      help: "Events answered 201 after COMMIT, by status.",
      labelNames: ["status"] as const,
    }),
    batchRequests: new Histogram({
      name: "affidavit_ingest_batch_requests",
      help: "Requests that shared one append.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    }),
    appendSeconds: new Histogram({
      name: "affidavit_ingest_append_seconds",
      help: "Time of one append, lock to COMMIT, as the web process sees it.",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    }),
  };
}

/**
 * On globalThis: the API loads this module, and Next once more per route bundle, since pages record reading. The registry is
 * one for all, and refuses a second metric of one name; the queue's limits hold for the process.
 */
const holder = globalThis as { affidavitMetrics?: ReturnType<typeof makeMetrics> };
holder.affidavitMetrics ??= makeMetrics();
const { eventsAcknowledged } = holder.affidavitMetrics;
export const { queue, batchRequests, appendSeconds } = holder.affidavitMetrics;

/** Counts one request's events by status. */
export function countAcknowledged(results: readonly { status: string }[]): void {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  for (const [status, count] of counts) eventsAcknowledged.inc({ status }, count);
}

export async function metricsText(): Promise<{ contentType: string; text: string }> {
  return { contentType: register.contentType, text: await register.metrics() };
}
