import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { originOf } from "./client-address";
import type { Subject } from "./granted";
import { findSessionSubject } from "./session";

/** Who sent the request that Next handles now; looked up once per request. */
export const currentSubject = cache(async (): Promise<Subject | undefined> => {
  const list = await headers();
  return findSessionSubject({ cookie: list.get("cookie"), ...originOf(list) });
});
