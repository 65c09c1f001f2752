import "server-only";
import { env } from "@/lib/config/env";
import { AppError } from "@/lib/errors/app-error";

/**
 * Token buckets in memory, one pair per API key: requests per 10 s and events per minute. Each web process has its own, so
 * that a limit is per process; a limit is a guard against a runaway producer, not a quota.
 */
interface Bucket {
  tokens: number;
  at: number;
}

const buckets = new Map<string, Bucket>();
const BUCKETS_MAX = 10_000;

/** Takes `amount`, or answers how long it is until it fits, ms. */
function take(name: string, amount: number, limit: { size: number; perMs: number }): { waitMs: number } {
  const now = performance.now();
  const bucket = buckets.get(name) ?? { tokens: limit.size, at: now };
  bucket.tokens = Math.min(limit.size, bucket.tokens + (now - bucket.at) * limit.perMs);
  bucket.at = now;
  remember(name, bucket);
  // A request larger than the whole bucket passes when the bucket is full, else it could never pass.
  const needed = Math.min(amount, limit.size);
  if (bucket.tokens < needed) return { waitMs: (needed - bucket.tokens) / limit.perMs };
  bucket.tokens -= amount;
  return { waitMs: 0 };
}

/** The bucket that was unused for longest makes room: it is the likeliest to be full again. */
function remember(name: string, bucket: Bucket): void {
  buckets.delete(name);
  buckets.set(name, bucket);
  if (buckets.size <= BUCKETS_MAX) return;
  for (const oldest of buckets.keys()) {
    buckets.delete(oldest);
    return;
  }
}

function refuse(waitMs: number, what: string): AppError {
  return new AppError("rate_limited", {
    detail: `This key sends more than ${what}. Nothing was stored; send the same request again after the time in Retry-After.`,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

/** @throws AppError 429 with Retry-After */
export function limitRequests(key: string): void {
  const size = env().AFFIDAVIT_RATE_REQUESTS_PER_10S;
  if (size === 0) return;
  const { waitMs } = take(`requests ${key}`, 1, { size, perMs: size / 10_000 });
  if (waitMs > 0) throw refuse(waitMs, `${size} requests in 10 seconds`);
}

/** @throws AppError 429 with Retry-After */
export function limitEvents(key: string, events: number): void {
  const size = env().AFFIDAVIT_RATE_EVENTS_PER_MINUTE;
  if (size === 0) return;
  const { waitMs } = take(`events ${key}`, events, { size, perMs: size / 60_000 });
  if (waitMs > 0) throw refuse(waitMs, `${size} events in a minute`);
}
