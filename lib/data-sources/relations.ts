import "server-only";

/**
 * What people query: tables, partitioned and foreign ones, views and materialized views, with their columns. pg_catalog rather
 * than information_schema, which shows only what the role may use: a role that may read nothing would have an empty catalogue.
 * What an extension brought, such as pg_stat_statements, is no data of theirs (pg_depend, deptype e).
 */
export const FROM_RELATIONS = `
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp_'
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e')`;
