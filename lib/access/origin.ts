import "server-only";
import { env } from "@/lib/config/env";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether an `Origin` header names this installation. From the configuration and never from Host or X-Forwarded-Host,
 * which the sender chooses. A loopback name stands for all three: people type 127.0.0.1 where we print localhost.
 */
export function isOwnOrigin(origin: string | null): boolean {
  if (!origin || !URL.canParse(origin)) return false;
  const given = new URL(origin);
  const own = new URL(env().publicUrl);
  if (given.protocol !== own.protocol || given.port !== own.port) return false;
  return given.hostname === own.hostname || (LOOPBACK.includes(own.hostname) && LOOPBACK.includes(given.hostname));
}
