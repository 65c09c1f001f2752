import "server-only";
import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from "prom-client";

/** Prometheus metrics of this process. No label ever holds a tenant's data. */
function makeMetrics() {
  collectDefaultMetrics({ prefix: "affidavit_" });
  const eventsAcknowledged = new Counter({
    name: "affidavit_events_acknowledged_total",
    help: "Events answered 201 after COMMIT, by status.",
    labelNames: ["status"] as const,
  });
  const batchRequests = new Histogram({
    name: "affidavit_ingest_batch_requests",
    help: "Requests that shared one append.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  });
  const appendSeconds = new Histogram({
    name: "affidavit_ingest_append_seconds",
    help: "Time of one append, lock to COMMIT, as the web process sees it.",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
  });
  const queue = { events: 0, bytes: 0 };
  new Gauge({
    name: "affidavit_ingest_queue_events",
    help: "Events that wait for their batch.",
    collect() {
      this.set(queue.events);
    },
  });
  return { eventsAcknowledged, batchRequests, appendSeconds, queue };
}

/**
 * On globalThis: Next's bundles load this module again in the same process, and a name can be registered only once there.
 * Without it every page that leads here answers 500.
 */
const holder = globalThis as { affidavitMetrics?: ReturnType<typeof makeMetrics> };
holder.affidavitMetrics ??= makeMetrics();
const { eventsAcknowledged } = holder.affidavitMetrics;
export const { batchRequests, appendSeconds } = holder.affidavitMetrics;
/** How much waits; the batcher keeps it. */
export const { queue } = holder.affidavitMetrics;

/** Counts one request's events by status. */
export function countAcknowledged(results: readonly { status: string }[]): void {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  for (const [status, count] of counts) eventsAcknowledged.inc({ status }, count);
}

export async function metricsText(): Promise<{ contentType: string; text: string }> {
  return { contentType: register.contentType, text: await register.metrics() };
}
