import { afterAll, beforeAll, expect, test } from "vitest";
import { term } from "@/lib/terms/terms";
import { ask, makeTenant } from "@/lib/testing/api";
import { type ApiProcess, startApiProcess } from "@/lib/testing/api-process";
import { createTestDatabase } from "@/lib/testing/database";
import { fillLog } from "@/lib/testing/fill-log";
import { openPast } from "@/lib/testing/past";
import { DOWNLOAD_LIMITS } from "./download";

/** Rows of about 1 KB, as calls are. */
const PADDING = 700;
/** With every cell a text of its own, and every key an object, it was 380. */
const MOST_MB = 140;
const HOUR_MS = 3_600_000;

let api: ApiProcess;
let key: string;
beforeAll(async () => {
  await createTestDatabase();
  const tenant = await makeTenant("Memory");
  const past = await openPast();
  const { rows } = await past.client.query<{ id: number }>("select id from audit.log where app_id = $1", [
    tenant.appId,
  ]);
  const log = { id: Number(rows[0]?.id), appId: tenant.appId };
  const terms = [term(log.id, "provider_id", "google")];
  await fillLog(past.client, log, DOWNLOAD_LIMITS.rowsMax, { terms, padding: PADDING });
  await past.close();
  ({ key } = tenant);
  api = await startApiProcess();
}, 120_000);
afterAll(() => api.close());

const download = async (rows: string, more = "") => {
  const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const answer = await ask(api, key, `/v1/exports/download?kind=call&from=${from}&to=${to}${more}`);
  expect([answer.status, answer.headers.get("x-affidavit-rows")]).toEqual([200, rows]);
  return answer.body.length;
};

test("downloads of 100,000 rows, one after the other, take no more memory from one to the next", async () => {
  await download("0", "&provider_id=nobody");
  const before = await api.peakMemory();
  for (const filter of ["", "&provider_id=google", "", "&provider_id=google"])
    expect(await download("100000", filter)).toBeGreaterThan(DOWNLOAD_LIMITS.rowsMax * PADDING);
  const more = (await api.peakMemory()) - before;
  process.stdout.write(`  memory: ${Math.round(before)} MB, and ${Math.round(more)} MB more for downloads\n`);
  expect(more).toBeLessThan(MOST_MB);
}, 120_000);
