import "server-only";

/**
 * SQL of a timestamptz as µs since 1970. The other way round times are bound as text (`formatMicros`) to a plain
 * `$n::timestamptz`: arithmetic in SQL would be merely stable, and the planner would open every partition.
 */
export const toMicros = (expression: string) => `(extract(epoch from ${expression}) * 1000000)::bigint`;
