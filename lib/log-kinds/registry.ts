import { call } from "./call/call";
import type { KindDef } from "./define";

/** Every kind of row, one line each. */
export const kinds: readonly KindDef[] = [call];

const byId = new Map(kinds.map((kind) => [kind.id, kind]));

export function findKind(id: string): KindDef | undefined {
  return byId.get(id);
}
