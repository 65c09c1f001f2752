import "server-only";
import type { Transaction } from "../db/transaction";
import type { Act, Author, SignedAct } from "./act";

export interface Individual {
  userId: string;
  email: string;
  orgIds: readonly string[];
}

/** A person and the organizations whose logs tell of their acts; undefined where there is no such person or none of these. */
export async function personOfUser(
  client: Pick<Transaction, "$queryRaw">,
  userId: string,
): Promise<Individual | undefined> {
  const rows = await client.$queryRaw<{ email: string; orgId: string }[]>`
    select u.email, m."orgId" from "User" u join "Membership" m on m."userId" = u.id
    where u.id = ${userId}::uuid order by m."createdAt", m.id`;
  return rows[0] && { userId, email: rows[0].email, orgIds: rows.map(({ orgId }) => orgId) };
}

/** Of the person, as what an act is done to. */
export const userTarget = ({ userId, email }: Pick<Individual, "userId" | "email">) => ({
  type: "user",
  id: userId,
  name: email,
});

/** The same acts told in each of the person's organizations. */
export function toldIn(
  { orgIds }: Individual,
  author: Omit<Author, "orgId">,
  ...acts: readonly [Act, ...Act[]]
): [SignedAct, ...SignedAct[]] {
  const signed = orgIds.flatMap((orgId) => acts.map((act) => ({ ...act, by: { ...author, orgId } })));
  if (signed.length === 0) throw new Error("a person without an organization has no log to be told of in");
  return signed as [SignedAct, ...SignedAct[]];
}
