-- Rows of our own acts on their way into the organization's system log: one row an act, written by mutation() in the act's
-- own transaction and appended when that commits. So it is empty for everybody else at all times: a transaction that sees a
-- row here has put it here itself.
create table audit.system_outbox (
  id          bigint generated always as identity primary key,
  log_id      bigint not null,
  event_id    uuid not null,
  occurred_at timestamptz(6) not null,
  core        text not null,
  detail      text not null,
  salt_core   bytea not null,
  salt_detail bytea not null,
  commitment  bytea not null,                              -- c_core ‖ c_detail, 64 bytes
  terms       bigint[] not null,
  count_field text[] not null,                             -- what is counted of it, field and value in turn
  count_val   text[] not null
);

-- Appends the row and takes it out again. As a deferred trigger it runs inside COMMIT: the act and its row become durable as
-- one, and the log's lock, which append_events takes, spans no round trip of a client that may be slow or gone.
create function audit.append_outbox() returns trigger
language plpgsql set search_path = audit, pg_temp set timezone = 'UTC' as $$
declare
  v_counts constant int := cardinality(new.count_field);
begin
  perform audit.append_events(
    p_log => new.log_id,
    p_request => array[0], p_id => array[new.event_id], p_own_id => array[false], p_hmac => array[''::bytea],
    p_kind => array['system'], p_occurred => array[new.occurred_at], p_core => array[new.core], p_detail => array[new.detail],
    p_salt_core => array[new.salt_core], p_salt_detail => array[new.salt_detail], p_commit => array[new.commitment],
    p_terms => new.terms, p_term_start => array[0], p_term_count => array[cardinality(new.terms)],
    p_delta_kind => array_fill('system'::text, array[v_counts]), p_delta_field => new.count_field, p_delta_val => new.count_val,
    p_delta_minute => array_fill(floor(extract(epoch from new.occurred_at) / 60)::int, array[v_counts]),
    p_delta_n => array_fill(1, array[v_counts]),
    p_event_delta => array(select generate_series(1, v_counts)), p_event_delta_start => array[0], p_event_delta_count => array[v_counts],
    p_span_kind => array['system'], p_span_day => array[new.occurred_at::date],
    p_key_start => '{}', p_key_count => '{}', p_key => '{}', p_key_hmac => '{}');
  delete from audit.system_outbox o where o.id = new.id;
  return null;
end $$;

create constraint trigger system_outbox_append after insert on audit.system_outbox
  deferrable initially deferred for each row execute function audit.append_outbox();
