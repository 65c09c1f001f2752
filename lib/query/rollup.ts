import "server-only";
import { searchPool } from "@/lib/db/pools";
import { decodeCountValue } from "@/lib/log-kinds/count-value";

/** Counts that ingest keeps: per kind, field, value and minute of occurred_at. '' is an absent value, '=x' is x, '…' the rest. */
export interface Count {
  field: string;
  val: string;
  /** Minutes since 1970, the start of the group that was asked for. */
  minute: number;
  n: number;
}

export interface RollupQuery {
  logIds: readonly number[];
  kinds: readonly string[];
  fields: readonly string[];
  /** Whole minutes since 1970, half-open. */
  fromMinute: number;
  toMinute: number;
  /** Groups of so many minutes, counted from `originMinute`. */
  groupMinutes: number;
  originMinute: number;
}

/**
 * Whole hours from count_1h, the rest of the range from count_1m, and what is not folded yet from count_delta: one
 * statement, so one snapshot, so each row is counted once.
 */
const ROLLUP = `with deltas as (
    select d.log_id, u.kind, u.field, u.val, u.minute, sum(u.n) as n
      from audit.count_delta d cross join lateral unnest(d.kinds, d.fields, d.vals, d.minutes, d.ns) u(kind, field, val, minute, n)
      where d.log_id = any($1::bigint[]) and u.kind = any($2) and u.field = any($3) and u.minute >= $4 and u.minute < $5
      group by 1, 2, 3, 4, 5
  ), filled as (
    select log_id, kind, field, count(*) >= 200 as is_full from audit.count_value
      where log_id = any($1::bigint[]) and kind = any($2) and field = any($3) group by 1, 2, 3
  ), counts as (
    select field, val, hour * 60 as minute, n from audit.count_1h
      where log_id = any($1::bigint[]) and kind = any($2) and field = any($3) and hour >= $6 and hour < $7
    union all
    select field, val, minute, n from audit.count_1m
      where log_id = any($1::bigint[]) and kind = any($2) and field = any($3) and minute >= $4 and minute < least($6::int * 60, $5)
    union all
    select field, val, minute, n from audit.count_1m
      where log_id = any($1::bigint[]) and kind = any($2) and field = any($3) and minute >= greatest($7::int * 60, $4) and minute < $5
    union all
    select d.field, case when d.val = '' or v.val is not null or not coalesce(f.is_full, false) then d.val else '…' end, d.minute, d.n
      from deltas d
      left join audit.count_value v on (v.log_id, v.kind, v.field, v.val) = (d.log_id, d.kind, d.field, d.val)
      left join filled f on (f.log_id, f.kind, f.field) = (d.log_id, d.kind, d.field)
  )
  select field, val, (floor((minute - $9) / $8::float8) * $8 + $9)::int as minute, sum(n)::bigint as n from counts group by 1, 2, 3 having sum(n) <> 0`;

export async function rollup(query: RollupQuery): Promise<Count[]> {
  const { logIds, kinds, fields, fromMinute, toMinute, groupMinutes, originMinute } = query;
  if (fromMinute >= toMinute) return [];
  // Hours serve only groups that hold whole hours, or one group that holds everything.
  const hourly = toMinute - originMinute <= groupMinutes || (groupMinutes % 60 === 0 && originMinute % 60 === 0);
  const firstHour = hourly ? Math.ceil(fromMinute / 60) : Math.ceil(toMinute / 60);
  const lastHour = hourly ? Math.max(firstHour, Math.floor(toMinute / 60)) : firstHour;
  const { rows } = await searchPool().query<Count>({
    name: "rollup",
    text: ROLLUP,
    values: [logIds, kinds, fields, fromMinute, toMinute, firstHour, lastHour, groupMinutes, originMinute],
  });
  return rows.map((row) => ({ ...row, val: decodeCountValue(row.val) }));
}
