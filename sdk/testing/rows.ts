import type { Affidavit, Row } from "../src/index";

/** The whole log of the client's app. */
export async function allRows(client: Affidavit): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { events } of client.tail({ limit: 1000 })) rows.push(...events);
  return rows;
}

/** Ids that both lists have once each, or what differs: small enough to stand in a failed assertion. */
export function differences(
  wanted: Iterable<string>,
  found: readonly string[],
): { lost: string[]; doubled: string[]; unknown: string[] } {
  const want = new Set(wanted);
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const id of found) {
    if (seen.has(id)) doubled.add(id);
    seen.add(id);
  }
  return {
    lost: [...want].filter((id) => !seen.has(id)),
    doubled: [...doubled],
    unknown: [...seen].filter((id) => !want.has(id)),
  };
}

export const NO_DIFFERENCE = { lost: [], doubled: [], unknown: [] };
