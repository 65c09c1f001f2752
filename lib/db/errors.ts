import "server-only";
import { AppError } from "@/lib/errors/app-error";

/**
 * What PostgreSQL, its driver and Prisma say, as our own errors. Nowhere else are their codes read.
 * SQLSTATE classes and codes that mean "not now, ask again": nothing was decided about the request itself.
 */
const AWAY_CLASSES = ["08", "53", "57P"];
const AWAY_CODES = new Set([
  "25006", // read-only: a failed-over primary
  "40001",
  "40P01",
  "55P03", // lock_timeout
  "57014", // statement_timeout or a cancel
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT", // the socket's folder is gone
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2034",
]);
/** Values that a column cannot hold. Schemas refuse them earlier; this is the net. */
const UNSTORABLE = new Set(["22021", "22P02", "22P05", "22003", "22008"]);
const AWAY_KINDS = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
  "TransactionWriteConflict",
]);
/** node-postgres ends a broken or unobtainable connection with plain errors that carry no code. */
const AWAY_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** "Raw query failed": whatever the database said, Prisma's raw queries fail with this code. */
const RAW_QUERY_FAILED = "P2010";

/** What caused an error. Prisma keeps it in `meta.driverAdapterError`, where no `cause` leads. */
function causeOf(error: object): unknown {
  const meta = "meta" in error ? error.meta : undefined;
  if (typeof meta === "object" && meta !== null && "driverAdapterError" in meta) return meta.driverAdapterError;
  return "cause" in error ? error.cause : undefined;
}

/** SQLSTATE, errno name or Prisma code of an error, looked for also in what caused it. */
export function databaseErrorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const own = "code" in error && typeof error.code === "string" && error.code ? error.code : undefined;
  if (own !== undefined && own !== RAW_QUERY_FAILED) return own;
  return databaseErrorCode(causeOf(error)) ?? own;
}

/** SQLSTATE of "no partition of relation found for row", and of any other check that a row fails. */
const NO_PARTITION = "23514";

/** Whether a row found no partition for its time. */
export function isPartitionMissing(error: unknown): boolean {
  return databaseErrorCode(error) === NO_PARTITION;
}

/** The driver adapter's own name of a fault, in Prisma's errors. */
function adapterKind(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("kind" in error && typeof error.kind === "string") return error.kind;
  return adapterKind(causeOf(error));
}

/** Whether the database could not be asked or gave up for now, so that the same request may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code !== undefined && (AWAY_CODES.has(code) || AWAY_CLASSES.some((prefix) => code.startsWith(prefix))))
    return true;
  if (AWAY_KINDS.has(adapterKind(error) ?? "")) return true;
  return error instanceof Error && AWAY_TEXT.test(error.message);
}

/**
 * The AppError for a database fault (`unavailable`, `conflict`, `not_found`), with the fault as its cause; anything else,
 * our own errors included, comes back unchanged.
 */
export function fromDatabase(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = databaseErrorCode(error);
  if (code === "23505" || code === "P2002") {
    return new AppError("conflict", {
      detail: "Something with that name or id exists already. Choose another.",
      cause: error,
    });
  }
  if (code === "P2025")
    return new AppError("not_found", { detail: "That no longer exists. Reload the page.", cause: error });
  if (code !== undefined && UNSTORABLE.has(code)) {
    return new AppError("invalid_request", {
      detail:
        "The request holds a value that cannot be stored or looked for, such as U+0000 in a name. Mend it and try again.",
      cause: error,
    });
  }
  if (!isDatabaseAway(error)) return error;
  return new AppError("unavailable", {
    detail: "The database does not answer in time. Try again in a few seconds; nothing was stored.",
    retryAfterSeconds: 2,
    cause: error,
  });
}
