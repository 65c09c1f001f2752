-- As acts_are_told, for a table that is changed 100,000 rows at a time: one look a statement. A trigger of a statement cannot be
-- deferred and the acts are put down last, so it leaves a demand behind, and a deferred trigger on that looks at COMMIT. Demands
-- are taken out there: the table is empty for everybody at all times.
create table audit.act_demand (
  id         bigint generated always as identity primary key,
  table_name text not null
);

create function audit.leave_act_demand() returns trigger
language plpgsql set search_path = audit, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select from fresh) then return null; end if;
  elsif tg_op = 'DELETE' then
    if not exists (select from gone) then return null; end if;
  -- What writes down what stood there already changes nothing. As many rows, each of them once: one direction is enough.
  elsif not exists (select * from fresh except select * from gone) then
    return null;
  end if;
  insert into audit.act_demand (table_name) values (tg_table_name);
  return null;
end $$;

create function audit.look_for_act() returns trigger
language plpgsql set search_path = audit, pg_temp as $$
begin
  delete from audit.act_demand d where d.id = new.id;
  if current_setting('affidavit.untold', true) is distinct from 'on' and not exists (select from audit.system_outbox) then
    raise exception 'a change of "%" was told in no row of the system log: it belongs into mutation()', new.table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger act_demand_look after insert on audit.act_demand
  deferrable initially deferred for each row execute function audit.look_for_act();

create trigger insert_is_told after insert on "CatalogueColumn" referencing new table as fresh
  for each statement execute function audit.leave_act_demand();
create trigger delete_is_told after delete on "CatalogueColumn" referencing old table as gone
  for each statement execute function audit.leave_act_demand();
create trigger update_is_told after update on "CatalogueColumn" referencing old table as gone new table as fresh
  for each statement execute function audit.leave_act_demand();
