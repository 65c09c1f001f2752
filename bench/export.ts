import { createHash } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { DOWNLOAD_LIMITS } from "@/lib/exports/download";
import { formatMicros } from "@/lib/log-kinds/time";
import { fill, WEEK } from "./fill";
import { type Figure, figure, percentile } from "./report";
import { makeWorld, type World } from "./world";

const TURNS = 3;
/** Every row of the fill has it, so that nothing is left out and every row is checked. */
const MATCHES_ALL = "&caller_key_prefix=afd_live_bench";

/** Rows a second of the CSV through the API. Once, apart from the measured turns, its hash is checked against the trailer. */
async function csvRate(world: World, path: string, check = false): Promise<number> {
  const hash = check ? createHash("sha256") : undefined;
  const began = performance.now();
  const request = http.get(world.url + path, { agent: false, headers: { authorization: `Bearer ${world.key}` } });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the API answered ${response.statusCode}`);
  for await (const bytes of response) hash?.update(bytes as Buffer);
  const seconds = (performance.now() - began) / 1000;
  if (hash && hash.digest("hex") !== response.trailers["x-affidavit-sha256"]) throw new Error("the hash is another");
  return Number(response.headers["x-affidavit-rows"]) / seconds;
}

/** Rows a second of COPY of the same documents, drained through the driver and thrown away. */
async function copyRate(world: World, where: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  const began = performance.now();
  const stream = client.query(copyTo(`copy (select core, detail from audit.event where ${where}) to stdout`));
  stream.resume();
  await once(stream, "end");
  const seconds = (performance.now() - began) / 1000;
  await client.end();
  if (stream.rowCount !== rows) throw new Error(`COPY brought ${stream.rowCount} rows of ${rows}`);
  return rows / seconds;
}

/** `npm run bench -- export`: the quick CSV beside COPY of the same rows, and what memory it takes. */
export async function benchExport(rows: number): Promise<Figure[]> {
  const world = await makeWorld();
  try {
    const until = Date.now() * 1000;
    await fill({ databaseUrl: world.databaseUrl, logId: world.logId, appId: world.appId, rows, until });
    const exported = Math.min(rows, DOWNLOAD_LIMITS.rowsMax);
    const [from, to] = [formatMicros(until - WEEK - 60_000_000), formatMicros(until)];
    const path = `/v1/exports/download?kind=call&from=${from}&to=${to}`;
    const where = `log_id = ${world.logId} and seq >= ${rows - exported} and created_at >= '${from}' and created_at <= '${to}'`;
    const idle = await world.peakMemory();
    await copyRate(world, where, exported);
    await csvRate(world, path, true);
    await csvRate(world, path + MATCHES_ALL, true);
    const csv: number[] = [];
    const copy: number[] = [];
    const filtered: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      copy.push(await copyRate(world, where, exported));
      csv.push(await csvRate(world, path));
      filtered.push(await csvRate(world, path + MATCHES_ALL));
    }
    const name = `CSV of ${exported.toLocaleString("en-US")} rows`;
    const limit = { limit: "COPY of the same documents through the driver", limit_value: percentile(copy, 50) };
    return [
      figure({
        name: `${name} through the API`,
        value: percentile(csv, 50),
        unit: "rows/s",
        ...limit,
        goal: "≥ 0.35",
        better: "higher",
      }),
      figure({
        name: `${name}, each checked against a filter first`,
        value: percentile(filtered, 50),
        unit: "rows/s",
        ...limit,
        goal: "—",
        better: "higher",
      }),
      figure({
        name: `${name}: the API process's peak memory`,
        value: await world.peakMemory(),
        unit: "MB",
        limit: "the same process before the first one",
        limit_value: idle,
        goal: "< 300 MB",
        better: "lower",
      }),
    ];
  } finally {
    await world.stop();
  }
}
