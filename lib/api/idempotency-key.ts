import "server-only";
import { AppError } from "@/lib/errors/app-error";
import type { ApiContext } from "./context";

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The request's Idempotency-Key. @throws AppError 422 for one that is no printable ASCII */
export function idempotencyKeyOf(c: ApiContext): string | undefined {
  const key = c.env.incoming.headers["idempotency-key"]?.toString();
  if (key !== undefined && !KEY.test(key)) {
    throw new AppError(
      "invalid_request",
      "Idempotency-Key must be 1 to 255 printable ASCII characters without spaces.",
    );
  }
  return key;
}
