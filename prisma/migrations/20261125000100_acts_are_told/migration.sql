-- A change of the control plane that is told in no row of the system log is refused at COMMIT, whoever made it and however.
-- Whatever a transaction sees in system_outbox it has put there itself, and deferred triggers run in the order of what set them
-- off: mutation() puts its rows there last, so they are still there when the changes before them are looked at.
create function audit.demand_act() returns trigger
language plpgsql set search_path = audit, pg_temp as $$
begin
  -- For migrations and for what tests begin with: set local affidavit.untold = 'on'.
  if current_setting('affidavit.untold', true) is distinct from 'on' and not exists (select from audit.system_outbox) then
    raise exception 'a change of "%" was told in no row of the system log: it belongs into mutation()', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- For each table of the control plane, once: changes of nothing but p_bookkeeping are nobody's act.
create function audit.demand_acts_on(p_table regclass, p_bookkeeping text[] default '{}') returns void
language plpgsql as $$
begin
  execute format('create constraint trigger acts_are_told after insert or delete on %s
    deferrable initially deferred for each row execute function audit.demand_act()', p_table);
  execute format('create constraint trigger changes_are_told after update on %s
    deferrable initially deferred for each row
    when (to_jsonb(old) - %L::text[] is distinct from to_jsonb(new) - %L::text[]) execute function audit.demand_act()',
    p_table, p_bookkeeping, p_bookkeeping);
end $$;

-- "SetupToken" is made before there is an organization whose log could tell of it.
select audit.demand_acts_on('"Organization"'), audit.demand_acts_on('"User"'), audit.demand_acts_on('"PasswordLink"'),
       audit.demand_acts_on('"Membership"'), audit.demand_acts_on('"AppMember"'), audit.demand_acts_on('"App"'),
       audit.demand_acts_on('"Session"', '{lastSeenAt}'), audit.demand_acts_on('"ApiKey"', '{lastUsedAt}');
