import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { clientAddress } from "./client-address";
import type { Subject } from "./granted";
import { findSessionSubject } from "./session";

/** Who sent the request that Next handles now; looked up once per request. */
export const currentSubject = cache(async (): Promise<Subject | undefined> => {
  const list = await headers();
  return findSessionSubject({
    cookie: list.get("cookie"),
    clientIp: clientAddress(list),
    userAgent: list.get("user-agent") ?? "",
  });
});
