import "server-only";
import { AppError } from "@/lib/errors/app-error";

/**
 * Quick CSVs under way at once in one process, and of one organization: each holds some 20 MB, and while it reads a
 * connection of the searches' pool, for as long as its client takes.
 */
const SLOTS = 6;
const SLOTS_OF_ONE = 3;
const RETRY_AFTER_SECONDS = 5;

const underWay: string[] = [];

/**
 * Runs one download, from its first question to its last byte.
 * @throws AppError 503 `unavailable` with Retry-After where too many are under way
 */
export async function withDownloadSlot<T>(orgId: string, download: () => Promise<T>): Promise<T> {
  if (underWay.length >= SLOTS || underWay.filter((one) => one === orgId).length >= SLOTS_OF_ONE)
    throw new AppError("unavailable", {
      detail: "Too many CSV downloads are under way. Wait until one has ended, then ask again.",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  underWay.push(orgId);
  try {
    return await download();
  } finally {
    underWay.splice(underWay.indexOf(orgId), 1);
  }
}
