import "server-only";
import { CSV_DOWNLOADS_MAX, CSV_DOWNLOADS_OF_ONE_MAX } from "@/lib/contracts/quick-csv";
import { AppError } from "@/lib/errors/app-error";

const RETRY_AFTER_SECONDS = 5;

/** The organizations whose downloads are under way: each holds some 20 MB for as long as its client takes. */
const underWay: string[] = [];

/**
 * Runs one download, from its first question to its last byte.
 * @throws AppError 503 `unavailable` with Retry-After where too many are under way
 */
export async function withDownloadSlot<T>(orgId: string, download: () => Promise<T>): Promise<T> {
  if (
    underWay.length >= CSV_DOWNLOADS_MAX ||
    underWay.filter((one) => one === orgId).length >= CSV_DOWNLOADS_OF_ONE_MAX
  )
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
