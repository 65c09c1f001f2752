import { expect } from "@playwright/test";
import { demoCredentials, postEvents } from "./demo";
import { fresh } from "./journey";

const BATCH = 1_000;
/** One key may write 50,000 rows a minute. */
const ROWS_A_KEY = 40_000;

async function post<T>(path: string, body: object): Promise<T> {
  const { url, api_key } = demoCredentials();
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.clone().text()).toBe(201);
  return (await response.json()) as T;
}

/** An application with so many calls, a tenth of a second apart, the last of them a minute old. `latency_ms` counts them, newest first. */
export async function makeLargeLog(rows: number): Promise<{ appId: string; name: string }> {
  const { id: appId, name } = await post<{ id: string; name: string }>("/v1/apps", { name: fresh("Large") });
  const newestMs = Date.now() - 60_000;
  const callOf = (index: number) => ({
    kind: "call",
    outcome: "success",
    method: "GET",
    latency_ms: index,
    occurred_at: new Date(newestMs - index * 100).toISOString(),
  });
  const writeWithKey = async (from: number) => {
    const { key } = await post<{ key: string }>("/v1/api-keys", {
      name: fresh("Large"),
      app_id: appId,
      scopes: ["events:write"],
    });
    const end = Math.min(rows, from + ROWS_A_KEY);
    for (let at = from; at < end; at += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, end - at) }, (_, index) => callOf(at + index));
      await postEvents(demoCredentials().url, key, batch);
    }
  };
  const starts = Array.from({ length: Math.ceil(rows / ROWS_A_KEY) }, (_, index) => index * ROWS_A_KEY);
  await Promise.all(starts.map(writeWithKey));
  return { appId, name };
}
