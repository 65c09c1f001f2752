import "server-only";
import { metricsText } from "@/lib/observability/metrics";
import { checkReadiness } from "@/lib/observability/readiness";
import { sendJson, setBaseHeaders } from "../reply";
import type { Api } from "../route";

/** Addresses for whatever runs the processes: open, and saying nothing about any organization. */
export function addHealth(api: Api): void {
  api.get("/healthz", (c) => sendJson(c, { status: "ok" }));
  api.get("/readyz", async (c) => {
    const ready = await checkReadiness();
    const late = ready.worker !== "ok" || ready.partitions !== "ok";
    const red = !ready.writes || (c.req.query("strict") !== undefined && late);
    return sendJson(c, { status: red ? "unavailable" : "ok", ...ready }, red ? 503 : 200);
  });
  api.get("/metrics", async (c) => {
    const { contentType, text } = await metricsText();
    setBaseHeaders(c);
    return c.body(text, 200, { "content-type": contentType });
  });
}
