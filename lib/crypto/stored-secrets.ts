import "server-only";
import { randomUUID } from "node:crypto";
import type { Transaction } from "@/lib/db/mutation";
import { prisma } from "@/lib/db/prisma";
import {
  dataKeyIdOf,
  type OpenDataKey,
  SealBroken,
  type SecretPlace,
  seal,
  unseal,
  unwrapDataKey,
  wrapNewDataKey,
} from "./sealed";

/** The key that seals an organization's new secrets; made with its first one. */
async function sealingKey(tx: Transaction, orgId: string): Promise<OpenDataKey> {
  const newest = await tx.dataKey.findFirst({ where: { orgId }, orderBy: [{ createdAt: "desc" }, { id: "desc" }] });
  if (newest) return unwrapDataKey(orgId, newest.id, newest.wrapped);
  // Two first secrets at once make two keys. Either opens what it sealed, so nothing needs to be locked.
  const id = randomUUID();
  const wrapped = wrapNewDataKey(orgId, id);
  await tx.dataKey.create({ data: { id, orgId, wrapped: new Uint8Array(wrapped) } });
  return unwrapDataKey(orgId, id, wrapped);
}

/** Seals a text for one place, in the transaction that stores it there. */
export async function sealSecret(tx: Transaction, place: SecretPlace, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(seal(await sealingKey(tx, place.orgId), place, text));
}

/** @throws SealBroken for what was not sealed for this place by this installation */
export async function openSecret(place: SecretPlace, sealed: Uint8Array): Promise<string> {
  const id = dataKeyIdOf(sealed);
  const row = await prisma().dataKey.findFirst({ where: { id, orgId: place.orgId }, select: { wrapped: true } });
  if (!row) throw new SealBroken("its data key is gone");
  return unseal(unwrapDataKey(place.orgId, id, row.wrapped), place, sealed);
}
