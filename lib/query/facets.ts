import "server-only";
import type { Granted } from "@/lib/access/granted";
import { recordView } from "@/lib/system-audit/reading";
import { type CountQuery, count, facetFields } from "./counting";

export interface Facets {
  facets: { field: string; values: { value: string | null; count: number }[]; other: number; exact: boolean }[];
  total: number;
  exact: boolean;
}

/** Rows per value of every facet field over the window. Values beyond the 200 that are counted by name are in `other`. */
export async function facetsOf(ctx: Granted<"events:read">, query: CountQuery): Promise<Facets> {
  const fields = facetFields(query.kind);
  const originMinute = Math.floor(query.fromMicros / 60_000_000);
  const groupMinutes = Math.ceil(query.toMicros / 60_000_000) - originMinute;
  const { tallies, exact } = await count({ ctx, query, fields: ["*", ...fields], groupMinutes, originMinute });
  recordView(ctx, query);
  const sums = new Map<string, Map<string, number>>();
  for (const { field, val, n } of tallies) {
    const values = sums.get(field) ?? new Map<string, number>();
    values.set(val, (values.get(val) ?? 0) + n);
    sums.set(field, values);
  }
  return {
    facets: fields.map((field) => {
      const values = sums.get(field) ?? new Map<string, number>();
      const other = Math.round(values.get("…") ?? 0);
      const named = [...values].filter(([val]) => val !== "…");
      return {
        field,
        values: named
          .map(([val, n]) => ({ value: val === "" ? null : val.slice(1), count: Math.round(n) }))
          .filter((one) => one.count > 0)
          .sort((a, b) => b.count - a.count || String(a.value).localeCompare(String(b.value))),
        other,
        exact: exact && other === 0,
      };
    }),
    total: Math.round([...(sums.get("*")?.values() ?? [])].reduce((sum, n) => sum + n, 0)),
    exact,
  };
}
