-- New terms wait in a GIN index's pending list. Once the list was full (2 MB, every half second under load) the append that
-- filled it merged it, under its log's lock, and every other append of that log waited for 100 ms. Now the worker merges the
-- list of the running partition twice a second; an append does it only where no worker has for the last 16 MB.
create view audit.terms_index as
select t.relname::text as partition, c.relname::text as name, c.oid
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_class t on t.oid = i.indrelid
join pg_am a on a.oid = c.relam
join pg_namespace n on n.oid = t.relnamespace
where n.nspname = 'audit' and a.amname = 'gin' and t.relkind = 'r';

-- As before, and gives the new partition's index of terms the longer list.
create or replace function audit.ensure_partition(p_parent text, p_at timestamptz, p_days int) returns boolean
language plpgsql set search_path = audit, pg_temp set timezone = 'UTC' as $$
declare
  v_lo timestamptz; v_hi timestamptz; v_name text; v_terms text;
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
  for v_terms in select t.name from audit.terms_index t where t.partition = v_name loop
    execute format('alter index audit.%I set (gin_pending_list_limit = 16384)', v_terms);
  end loop;
  return true;
end $$;

-- An index of a partitioned table cannot be given a setting as a whole, so each that exists gets its own.
do $$
declare v_name text;
begin
  for v_name in select t.name from audit.terms_index t loop
    execute format('alter index audit.%I set (gin_pending_list_limit = 16384)', v_name);
  end loop;
end $$;
