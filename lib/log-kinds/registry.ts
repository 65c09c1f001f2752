import { call } from "./call/call";
import { custom } from "./custom/custom";
import type { KindDef } from "./define";
import { query } from "./query/query";
import { system } from "./system/system";

/** Every kind of row, one line each. */
export const kinds: readonly KindDef[] = [call, query, custom, system];

const byId = new Map(kinds.map((kind) => [kind.id, kind]));

export function findKind(id: string): KindDef | undefined {
  return byId.get(id);
}
