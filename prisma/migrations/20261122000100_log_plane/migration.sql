-- The log plane: one append-only log per app, numbered 0,1,2,… in commit order, and one per organization for its system
-- rows. Written and read with plain SQL, never through Prisma models. Rules that hold everywhere:
--   * nothing that is written per batch is ever UPDATEd (an idle snapshot would make every later append slower and slower);
--   * no SQL parses `core` or `detail`: one document with \u0000 would fail a whole page;
--   * every statement on `event` carries a `created_at` bound, so that it touches a handful of partitions.
create schema audit;

-- Who writes: mutation() when an app or organization is made. Who locks: append_events, one batch at a time per log.
-- An append only locks its row and never updates it. Log ids are never reused. No foreign keys into the control plane:
-- a log outlives its app, and log-plane tables can be distributed by log_id.
create table audit.log (
  id         bigint generated always as identity primary key,
  org_id     uuid not null,
  app_id     uuid unique,                                  -- null: the organization's system log
  origin     uuid not null default gen_random_uuid(),      -- names the log in checkpoints, also after a restore elsewhere
  created_at timestamptz(6) not null default clock_timestamp()
);
create unique index log_system on audit.log (org_id) where app_id is null;

-- Insert-only, one row a batch; the newest row is the head, and the table is the map seq ⇄ created_at. The worker trims it
-- to the newest row per log and minute. Growth beyond 1,440 rows a day and log means that the worker is not running.
create table audit.log_head (
  log_id     bigint not null,
  next_seq   bigint not null,
  created_at timestamptz(6) not null,                      -- of the last row of that batch
  primary key (log_id, next_seq)
);
create index log_head_time on audit.log_head (log_id, created_at);

-- The rows. `core` and `detail` are RFC 8785 text: the exact bytes are what was hashed. `entry` is the 73-byte Merkle
-- entry: 0x01 ‖ u64be(created_at µs) ‖ HMAC(salt_core, core) ‖ HMAC(salt_detail, detail).
create table audit.event (
  log_id      bigint not null,
  seq         bigint not null,
  created_at  timestamptz(6) not null,
  occurred_at timestamptz(6) not null,
  id          uuid not null,
  kind        text not null,
  core        text not null,
  detail      text,
  salt_core   bytea not null,
  salt_detail bytea,
  entry       bytea,
  terms       bigint[] not null,
  primary key (log_id, seq, created_at)
) partition by range (created_at);
-- Hashes do not compress; trying costs more than it gives.
alter table audit.event alter column terms set storage external;
create index event_occurred on audit.event (log_id, occurred_at desc, seq desc);
create index event_terms on audit.event using gin (terms) with (fastupdate = on, gin_pending_list_limit = 2048);

-- Which days of occurred_at lie in which days of created_at: search picks partitions by it. Insert-only; at most one row
-- per log, kind and pair of days, so that an import of old rows costs a row a day and a busy day one row in all.
create table audit.event_span (
  log_id       bigint not null,
  kind         text not null,
  occurred_day date not null,
  created_day  date not null,
  primary key (log_id, kind, occurred_day, created_day)
);

-- Ids that producers chose, for 30 days: the same id again is a duplicate or a conflict. Partitions of five days, so that
-- a look-up touches at most seven; dropped whole by the worker, never row-deleted.
create table audit.ingest_key (
  log_id     bigint not null,
  id         uuid not null,
  created_at timestamptz(6) not null,
  seq        bigint not null,
  body_hmac  bytea not null,                               -- keyed: a plain hash would be guessable
  primary key (log_id, id, created_at)
) partition by range (created_at);

-- Idempotency-Key of whole requests, for 24 hours, with what was answered. Partitions of one day, dropped whole.
create table audit.request_key (
  log_id     bigint not null,
  key        text not null,
  created_at timestamptz(6) not null,
  body_hmac  bytea not null,
  ids        uuid[] not null,
  seqs       bigint[] not null,
  created_us bigint[] not null,
  primary key (log_id, key, created_at)
) partition by range (created_at);

-- Roll-up. An append adds one row with the counts of its batch; the worker folds them into minutes and hours. A value is
-- '' where the field is absent, else '=' and the value; field '*' counts rows. Steady state of count_delta: a few seconds'
-- worth of rows; growth means that the worker is not running (answers stay right: readers add the deltas).
create table audit.count_delta (
  log_id      bigint not null,
  created_day date not null,
  kinds       text[] not null,
  fields      text[] not null,
  vals        text[] not null,
  minutes     int[] not null,                              -- occurred_at, minutes since 1970
  ns          int[] not null
);
create index count_delta_log on audit.count_delta (log_id);
create table audit.count_1m (
  log_id      bigint not null,
  kind        text not null,
  field       text not null,
  minute      int not null,
  val         text not null,
  created_day date not null,                               -- retention takes whole days of created_at out again
  n           bigint not null,
  primary key (log_id, kind, field, minute, val, created_day)
);
create table audit.count_1h (
  log_id      bigint not null,
  kind        text not null,
  field       text not null,
  hour        int not null,
  val         text not null,
  created_day date not null,
  n           bigint not null,
  primary key (log_id, kind, field, hour, val, created_day)
);
-- The values that are counted by name: the first 200 of a field, and absence; the rest is counted as '…'.
create table audit.count_value (
  log_id bigint not null,
  kind   text not null,
  field  text not null,
  val    text not null,
  primary key (log_id, kind, field, val)
);

-- One row per role and process that must be seen alive; also what /readyz writes to show that writes commit.
create table audit.heartbeat (
  role text primary key,
  at   timestamptz(6) not null
);

-- Partitions as the catalogue knows them.
create view audit.partition as
select p.relname::text as parent, c.relname::text as name,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \('([^']+)'\)$$))[1]::timestamptz as from_at,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$TO \('([^']+)'\)$$))[1]::timestamptz as to_at
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
join pg_class p on p.oid = i.inhparent
join pg_namespace n on n.oid = p.relnamespace
where n.nspname = 'audit' and c.relkind = 'r';

-- Makes the partition that covers p_at, p_days long at most and aligned to p_days since Monday 5 January 1970, unless one
-- covers it. The table is made beside and then attached: ATTACH blocks neither readers nor appends, CREATE … PARTITION OF
-- would. Returns whether it made one.
create function audit.ensure_partition(p_parent text, p_at timestamptz, p_days int) returns boolean
language plpgsql set search_path = audit, pg_temp set timezone = 'UTC' as $$
declare
  v_lo timestamptz; v_hi timestamptz; v_name text;
  v_monday constant timestamptz := '1970-01-05 00:00:00+00';
begin
  if exists (select from audit.partition p where p.parent = p_parent and p.from_at <= p_at and p_at < p.to_at) then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('audit.ensure_partition', 0));
  if exists (select from audit.partition p where p.parent = p_parent and p.from_at <= p_at and p_at < p.to_at) then return false; end if;
  v_lo := date_bin(make_interval(days => p_days), p_at, v_monday);
  v_hi := v_lo + make_interval(days => p_days);
  select greatest(v_lo, max(p.to_at) filter (where p.to_at <= p_at)), least(v_hi, min(p.from_at) filter (where p.from_at > p_at))
    into v_lo, v_hi from audit.partition p where p.parent = p_parent;
  v_name := format('%s_%s_%s', p_parent, to_char(v_lo, 'YYYYMMDD'), to_char(v_hi, 'YYYYMMDD'));
  execute format('create table audit.%I (like audit.%I including all)', v_name, p_parent);
  execute format('alter table audit.%I attach partition audit.%I for values from (%L) to (%L)', p_parent, v_name, v_lo, v_hi);
  return true;
end $$;

-- All three partitioned tables from now to p_ahead_days ahead. Called by migration, worker and, where a partition is
-- missing after all, by the append's caller.
create function audit.ensure_partitions(p_event_days int, p_ahead_days int) returns int
language plpgsql set search_path = audit, pg_temp set timezone = 'UTC' as $$
declare
  v_made int := 0; v_day int;
begin
  for v_day in 0..p_ahead_days loop
    v_made := v_made + audit.ensure_partition('event', clock_timestamp() + make_interval(days => v_day), p_event_days)::int
                     + audit.ensure_partition('ingest_key', clock_timestamp() + make_interval(days => v_day), 5)::int;
    if v_day <= 2 then
      v_made := v_made + audit.ensure_partition('request_key', clock_timestamp() + make_interval(days => v_day), 1)::int;
    end if;
  end loop;
  return v_made;
end $$;

create function audit.create_log(p_org uuid, p_app uuid) returns bigint
language sql set search_path = audit, pg_temp as $$
  with made as (insert into audit.log (org_id, app_id) values (p_org, p_app) returning id, created_at)
  insert into audit.log_head (log_id, next_seq, created_at) select id, 0, created_at from made returning log_id
$$;


-- Appends one batch to one log: the only writer of `event`. One call is one statement in autocommit, so no client can
-- sit on the lock. Everything after step 1 is a new statement and so takes a new snapshot, which sees every earlier
-- holder's rows; the same logic as one statement with CTEs would take its snapshot before it waits for the lock.
--
-- Events come as parallel arrays in the order of the batch; p_request is the ordinal of each event's request. Callers
-- guarantee that an id and an Idempotency-Key occur once in a batch. Slices of the flat arrays p_terms and p_event_delta
-- belong to events by start (0-based) and count, and so do the events of a request with a key to it (p_key_start,
-- p_key_count). p_commit is c_core ‖ c_detail, 64 bytes.
--
-- All of it runs under the log's lock and must stay linear in the batch. So no statement joins the batch to itself: the
-- planner takes every array for 10 elements, and a nested loop of 1,000 by 1,000 held the lock for seconds. What one step
-- finds is left in arrays by event (v_skip_at, v_rank), which cost the same to subscript wherever they are.
--
-- Returns one row: the seq and created_at (µs) of the first new row (new rows are consecutive in batch order), and of
-- each event that was not stored its ordinal (1-based), why ('duplicate', 'conflict': same id, other body; 'refused':
-- another event of its request conflicts; 'key_conflict': its Idempotency-Key was used for another body; 'replayed':
-- its whole request was answered before) and, for duplicates and replays, where it is; for replays also under which id.
create function audit.append_events(
  p_log bigint,
  p_request int[], p_id uuid[], p_own_id boolean[], p_hmac bytea[],
  p_kind text[], p_occurred timestamptz[], p_core text[], p_detail text[],
  p_salt_core bytea[], p_salt_detail bytea[], p_commit bytea[],
  p_terms bigint[], p_term_start int[], p_term_count int[],
  p_delta_kind text[], p_delta_field text[], p_delta_val text[], p_delta_minute int[], p_delta_n int[],
  p_event_delta int[], p_event_delta_start int[], p_event_delta_count int[],
  p_span_kind text[], p_span_day date[],
  p_key_start int[], p_key_count int[], p_key text[], p_key_hmac bytea[],
  out first_seq bigint, out first_us bigint,
  out skip_ord int[], out skip_status text[], out skip_seq bigint[], out skip_us bigint[], out skip_id uuid[]
) language plpgsql volatile set search_path = audit, pg_temp set timezone = 'UTC' set plan_cache_mode = force_generic_plan as $$
-- Generic plans: the statements below are the same for every batch, and planning them anew cost more than running them.
declare
  v_head audit.log_head;
  v_n int := cardinality(p_id);
  v_stored int;
  v_t timestamptz;
  v_skip_at int[] := array_fill(null::int, array[v_n]);   -- by event: where it is in skip_ord and its likes, if it is
  v_rank int[] := array(select generate_series(1, v_n));  -- by event: its number among those that are stored, if it is
begin
  -- 1. The lock, held to the end of this statement's transaction. The row itself is never updated.
  perform 1 from audit.log l where l.id = p_log for no key update;
  if not found then raise exception 'log % does not exist', p_log using errcode = 'no_data_found'; end if;

  -- 2. The head. created_at strictly increases per log, also when the clock steps back.
  select * into v_head from audit.log_head h where h.log_id = p_log order by h.next_seq desc limit 1;
  v_t := greatest(clock_timestamp(), v_head.created_at + interval '1 microsecond');
  -- A batch never straddles midnight, so that it lies in one partition and one created_day.
  if v_t::date <> (v_t + v_n * interval '1 microsecond')::date then v_t := (v_t + v_n * interval '1 microsecond')::date; end if;

  -- 3. Whole requests that were answered before, and keys that were used for another body.
  if cardinality(p_key) > 0 then
    select array_agg(r.start + g.nth), array_agg(case when k.same then 'replayed' else 'key_conflict' end),
           array_agg(case when k.same then k.seqs[g.nth] end), array_agg(case when k.same then k.created_us[g.nth] end),
           array_agg(case when k.same then k.ids[g.nth] end)
      into skip_ord, skip_status, skip_seq, skip_us, skip_id
      from unnest(p_key_start, p_key_count, p_key, p_key_hmac) r(start, count, key, hmac)
      cross join lateral (
        select q.ids, q.seqs, q.created_us, q.body_hmac = r.hmac as same from audit.request_key q
        where q.log_id = p_log and q.key = r.key and q.created_at > v_t - interval '24 hours' and q.created_at <= v_t
        order by q.created_at desc limit 1) k
      cross join lateral generate_series(1, r.count) g(nth);
    for v_at in 1..coalesce(cardinality(skip_ord), 0) loop v_skip_at[skip_ord[v_at]] := v_at; end loop;
  end if;

  -- 4. Ids seen in the last 30 days: duplicates, or conflicts that refuse their whole request.
  if true = any(p_own_id) then
    with seen as (
      select distinct on (e.ord) e.ord::int, e.request, k.seq, (extract(epoch from k.created_at) * 1000000)::bigint as us,
             k.body_hmac = e.hmac as same
      from unnest(p_id, p_own_id, p_hmac, p_request, v_skip_at) with ordinality e(id, own, hmac, request, skip_at, ord)
      left join audit.ingest_key k on k.log_id = p_log and k.id = case when e.own and e.skip_at is null then e.id end
        and k.created_at > v_t - interval '30 days' and k.created_at <= v_t
      order by e.ord, k.created_at desc
    ), judged as (
      select s.*, coalesce(bool_or(not s.same) over (partition by s.request), false) as refused from seen s
    ), skipped as (
      select j.ord, case when not j.same then 'conflict' when j.refused then 'refused' else 'duplicate' end as status,
             case when j.same then j.seq end as seq, case when j.same then j.us end as us
      from judged j where j.same is not null or j.refused
    )
    -- Without GROUP BY there is always one row, and NULL || array is that array: an earlier step's findings are kept.
    select skip_ord || array_agg(s.ord), skip_status || array_agg(s.status), skip_seq || array_agg(s.seq), skip_us || array_agg(s.us),
           skip_id || array_agg(null::uuid)
      into skip_ord, skip_status, skip_seq, skip_us, skip_id from skipped s;
    for v_at in 1..coalesce(cardinality(skip_ord), 0) loop v_skip_at[skip_ord[v_at]] := v_at; end loop;
  end if;

  first_seq := v_head.next_seq;
  first_us := (extract(epoch from v_t) * 1000000)::bigint;
  v_stored := v_n - coalesce(cardinality(skip_ord), 0);
  if skip_ord is not null then
    v_rank := array(
      select case when u.skip_at is null then count(*) filter (where u.skip_at is null) over (order by u.ord) end
      from unnest(v_skip_at) with ordinality u(skip_at, ord) order by u.ord);
  end if;
  if v_stored = 0 then
    -- Requests of duplicates only still get their key remembered below.
    null;
  else
    -- 5. The rows. New rows are numbered in batch order. A slice of an array variable first copies all of it, 400 kB a row in
    -- a large batch; trim_array, once a statement, makes one that is sliced where it lies.
    insert into audit.event (log_id, seq, created_at, occurred_at, id, kind, core, detail, salt_core, salt_detail, entry, terms)
    select p_log, first_seq + e.rank - 1, v_t + (e.rank - 1) * interval '1 microsecond', e.occurred, e.id, e.kind, e.core, e.detail,
           e.salt_core, e.salt_detail, '\x01'::bytea || int8send(first_us + e.rank - 1) || e.commit,
           ((select trim_array(p_terms, 0)))[e.term_start + 1 : e.term_start + e.term_count]
    from unnest(p_id, p_occurred, p_kind, p_core, p_detail, p_salt_core, p_salt_detail, p_commit, p_term_start, p_term_count, v_rank)
         e(id, occurred, kind, core, detail, salt_core, salt_detail, commit, term_start, term_count, rank)
    where e.rank is not null;

    if true = any(p_own_id) then
      insert into audit.ingest_key (log_id, id, created_at, seq, body_hmac)
      select p_log, e.id, v_t + (e.rank - 1) * interval '1 microsecond', first_seq + e.rank - 1, e.hmac
      from unnest(p_id, p_own_id, p_hmac, v_rank) e(id, own, hmac, rank)
      where e.own and e.rank is not null;
    end if;

    -- 6. Counts, one row for the batch, and one with the opposite sign for what was left out.
    insert into audit.count_delta (log_id, created_day, kinds, fields, vals, minutes, ns)
    values (p_log, v_t::date, p_delta_kind, p_delta_field, p_delta_val, p_delta_minute, p_delta_n);
    if skip_ord is not null then
      insert into audit.count_delta (log_id, created_day, kinds, fields, vals, minutes, ns)
      select p_log, v_t::date, array_agg(p_delta_kind[d.i]), array_agg(p_delta_field[d.i]), array_agg(p_delta_val[d.i]),
             array_agg(p_delta_minute[d.i]), array_agg(-d.n)
      from (select p_event_delta[p_event_delta_start[s.ord] + g.nth] as i, count(*)::int as n
            from unnest(skip_ord) s(ord) cross join lateral generate_series(1, p_event_delta_count[s.ord]) g(nth)
            group by 1) d;
    end if;
    insert into audit.event_span (log_id, kind, occurred_day, created_day)
    select p_log, s.kind, s.day, v_t::date from unnest(p_span_kind, p_span_day) s(kind, day)
    on conflict do nothing;

    -- 7. The new head.
    insert into audit.log_head (log_id, next_seq, created_at)
    values (p_log, first_seq + v_stored, v_t + (v_stored - 1) * interval '1 microsecond');
  end if;

  -- 8. What was answered to requests with an Idempotency-Key, unless they were refused or answered before.
  if cardinality(p_key) > 0 then
    insert into audit.request_key (log_id, key, created_at, body_hmac, ids, seqs, created_us)
    select p_log, r.key, v_t, r.hmac, a.ids, a.seqs, a.us
    from unnest(p_key_start, p_key_count, p_key, p_key_hmac) r(start, count, key, hmac)
    cross join lateral (
      select array_agg(p_id[e.ord] order by e.ord) as ids,
             array_agg(coalesce(skip_seq[v_skip_at[e.ord]], first_seq + v_rank[e.ord] - 1) order by e.ord) as seqs,
             array_agg(coalesce(skip_us[v_skip_at[e.ord]], first_us + v_rank[e.ord] - 1) order by e.ord) as us,
             bool_and(coalesce(skip_status[v_skip_at[e.ord]] = 'duplicate', true)) as answered
      from generate_series(r.start + 1, r.start + r.count) e(ord)) a
    where a.answered;
  end if;
end $$;

-- Folds up to p_rows deltas into minutes and hours, in one statement, so that a reader sees each count once: as a delta or
-- folded. Only one folder at a time. Returns how many deltas it took.
create function audit.fold_counts(p_rows int) returns int
language plpgsql set search_path = audit, pg_temp as $$
declare v_taken int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('audit.fold_counts', 0)) then return 0; end if;
  with taken as (
    delete from audit.count_delta where ctid = any (array(select d.ctid from audit.count_delta d limit p_rows)) returning *
  ), flat as (
    select t.log_id, t.created_day, u.kind, u.field, u.val, u.minute, sum(u.n) as n
    from taken t cross join lateral unnest(t.kinds, t.fields, t.vals, t.minutes, t.ns) u(kind, field, val, minute, n)
    group by 1, 2, 3, 4, 5, 6
  ), unnamed as (
    select distinct f.log_id, f.kind, f.field, f.val from flat f
    where f.val <> '' and not exists (select from audit.count_value v where (v.log_id, v.kind, v.field, v.val) = (f.log_id, f.kind, f.field, f.val))
  ), named as (
    insert into audit.count_value (log_id, kind, field, val)
    select r.log_id, r.kind, r.field, r.val
    from (select u.*, row_number() over (partition by u.log_id, u.kind, u.field order by u.val)
                 + (select count(*) from audit.count_value v where (v.log_id, v.kind, v.field) = (u.log_id, u.kind, u.field)) as place
          from unnamed u) r
    where r.place <= 200
    returning log_id, kind, field, val
  ), counted as (
    select f.log_id, f.created_day, f.kind, f.field, f.minute, sum(f.n) as n,
           case when u.val is null or m.val is not null then f.val else '…' end as val
    from flat f
    left join unnamed u on (u.log_id, u.kind, u.field, u.val) = (f.log_id, f.kind, f.field, f.val)
    left join named m on (m.log_id, m.kind, m.field, m.val) = (f.log_id, f.kind, f.field, f.val)
    group by f.log_id, f.created_day, f.kind, f.field, f.minute, 7
  ), minutes as (
    insert into audit.count_1m as c (log_id, kind, field, minute, val, created_day, n)
    select log_id, kind, field, minute, val, created_day, n from counted
    on conflict (log_id, kind, field, minute, val, created_day) do update set n = c.n + excluded.n
  ), hours as (
    insert into audit.count_1h as c (log_id, kind, field, hour, val, created_day, n)
    select log_id, kind, field, floor(minute / 60.0)::int, val, created_day, sum(n) from counted group by 1, 2, 3, 4, 5, 6
    on conflict (log_id, kind, field, hour, val, created_day) do update set n = c.n + excluded.n
  )
  select count(*) into v_taken from taken;
  return v_taken;
end $$;

select audit.ensure_partitions(7, 14);
