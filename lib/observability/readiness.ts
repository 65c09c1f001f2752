import "server-only";
import { ingestPool, readPool } from "@/lib/db/pools";

type Health = "ok" | "late" | "down";
export interface Readiness {
  /** A write was committed just now. */
  writes: boolean;
  worker: Health;
  /** Whether tomorrow's rows have a partition. */
  partitions: Health;
}

/** The worker beats every 5 s; after 30 s without, it is down. */
export const BEAT_MS = 5_000;
const DOWN_SECONDS = 30;
const LATE_SECONDS = 15;
/** A probe is good for so long, so that many askers cost one write, ms. */
const PROBE_MS = 1_000;

export async function beat(role: "web" | "worker"): Promise<void> {
  await ingestPool().query(
    "insert into audit.heartbeat (role, at) values ($1, clock_timestamp()) on conflict (role) do update set at = excluded.at",
    [role],
  );
}

async function probe(): Promise<Readiness> {
  try {
    await beat("web");
    const { rows } = await readPool().query<{ silence: number | null; covered: boolean }>(
      `select (select extract(epoch from clock_timestamp() - at)::float8 from audit.heartbeat where role = 'worker') as silence,
         exists (select from audit.partition where parent = 'event' and from_at <= now() + interval '1 day' and to_at > now() + interval '1 day') as covered`,
    );
    const silence = rows[0]?.silence ?? Number.POSITIVE_INFINITY;
    const worker = silence < LATE_SECONDS ? "ok" : silence < DOWN_SECONDS ? "late" : "down";
    return { writes: true, worker, partitions: rows[0]?.covered ? "ok" : "late" };
  } catch {
    return { writes: false, worker: "down", partitions: "down" };
  }
}

let last: { at: number; answer: Promise<Readiness> } | undefined;

/** Never throws: what cannot be asked is down. */
export function checkReadiness(): Promise<Readiness> {
  const now = performance.now();
  if (!last || now - last.at > PROBE_MS) last = { at: now, answer: probe() };
  return last.answer;
}
