-- TRUNCATE sets off no trigger of rows: it would change the control plane without a word. It is nobody's act.
create function audit.refuse_truncate() returns trigger
language plpgsql set search_path = audit, pg_temp as $$
begin
  if current_setting('affidavit.untold', true) is distinct from 'on' then
    raise exception 'TRUNCATE of "%" is told in no row of the system log: delete rows inside mutation()', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create function audit.refuse_truncate_of(p_table regclass) returns void
language plpgsql as $$
begin
  execute format('create trigger truncate_is_refused before truncate on %s
    for each statement execute function audit.refuse_truncate()', p_table);
end $$;

select audit.refuse_truncate_of(t.tgrelid::regclass)
from (select distinct tgrelid from pg_trigger where tgfoid in ('audit.demand_act'::regproc, 'audit.leave_act_demand'::regproc)) t;

-- Tables that are guarded from now on.
create or replace function audit.demand_acts_on(p_table regclass, p_bookkeeping text[] default '{}') returns void
language plpgsql as $$
begin
  execute format('create constraint trigger acts_are_told after insert or delete on %s
    deferrable initially deferred for each row execute function audit.demand_act()', p_table);
  execute format('create constraint trigger changes_are_told after update on %s
    deferrable initially deferred for each row
    when (to_jsonb(old) - %L::text[] is distinct from to_jsonb(new) - %L::text[]) execute function audit.demand_act()',
    p_table, p_bookkeeping, p_bookkeeping);
  perform audit.refuse_truncate_of(p_table);
end $$;
