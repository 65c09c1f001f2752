import type pg from "pg";
import type { PastLog } from "./past";

/**
 * So many plain rows at the end of a log, made by SQL alone: 100,000 take two seconds. A microsecond apart, each a little
 * after it happened, all with the same terms.
 * @param padding characters by which each is longer
 */
export async function fillLog(
  client: pg.Client,
  log: PastLog,
  rows: number,
  { terms = [], padding = 0 }: { terms?: readonly bigint[]; padding?: number } = {},
): Promise<void> {
  const day = "(made.occurred_at at time zone 'UTC')::date, (made.created_at at time zone 'UTC')::date";
  await client.query(
    `with head as (select next_seq, greatest(created_at, now()) as at from audit.log_head where log_id = $1 order by next_seq desc limit 1),
     numbered as (
       select next_seq + n - 1 as seq, at + n * interval '1 microsecond' as created_at,
         at + n * interval '1 microsecond' - interval '40 milliseconds' as occurred_at, gen_random_uuid() as id
       from head, generate_series(1, $3::int) n),
     made as (
       insert into audit.event (log_id, seq, created_at, occurred_at, id, kind, core, detail, salt_core, salt_detail, terms)
       select $1, seq, created_at, occurred_at, id, 'call',
         format('{"app_id":"%s","id":"%s","kind":"call","occurred_at":"%s","outcome":"success","schema_version":1}',
           $2::text, id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
         format('{"caller":"worker-%s","provider_id":"google","reason":"row, number %s%s"}',
           seq % 12, seq, repeat('.', $5::int)), '', '', $4::bigint[]
       from numbered returning seq, occurred_at, created_at),
     spanned as (
       insert into audit.event_span select distinct $1::bigint, 'call', ${day} from made on conflict do nothing)
     insert into audit.log_head select $1, max(seq) + 1, max(created_at) from made`,
    [log.id, log.appId, rows, terms.map(String), padding],
  );
}
