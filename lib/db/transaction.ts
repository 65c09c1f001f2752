import "server-only";
import type { Prisma } from "./generated/client";

/** What a mutation may write with. */
export type Transaction = Prisma.TransactionClient;
