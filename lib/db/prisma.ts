import "server-only";
import { controlClient } from "./control-client";
import type { PrismaClient } from "./generated/client";

export { closePrisma } from "./control-client";

type Reading =
  | "findUnique"
  | "findUniqueOrThrow"
  | "findFirst"
  | "findFirstOrThrow"
  | "findMany"
  | "count"
  | "aggregate"
  | "groupBy";

type Models = Exclude<keyof PrismaClient, `$${string}` | symbol>;

/** The control plane for reading: what writes is missing, so that an act cannot slip past mutation() and its row. */
export type Reader = { readonly [M in Models]: Pick<PrismaClient[M], Reading & keyof PrismaClient[M]> } & Pick<
  PrismaClient,
  "$queryRaw"
>;

export function prisma(): Reader {
  return controlClient();
}
