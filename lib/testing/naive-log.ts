import type pg from "pg";
import type { StoredPlace } from "./checker";
import type { LogUnderTest } from "./load";

/**
 * The obvious design, which loses rows: created_at is taken at insert, rows become visible at commit, and a poller asks for
 * what is newer than the newest it has seen. It is here so that the loss test is known to be able to fail.
 */
const TABLE = `create table naive_event (
  seq bigserial primary key, id uuid not null, created_at timestamptz(6) not null default clock_timestamp());
  create index on naive_event (created_at)`;
const PLACE = `id, seq::text, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at`;

interface NaiveRow {
  id: string;
  seq: string;
  created_at: string;
}

const toPlaces = (rows: readonly NaiveRow[]): StoredPlace[] =>
  rows.map((row) => ({ id: row.id, seq: Number(row.seq), createdAt: row.created_at }));

export async function naiveLog(pool: pg.Pool): Promise<LogUnderTest> {
  await pool.query(TABLE);
  const insert = async (client: Pick<pg.ClientBase, "query">, ids: readonly string[]) => {
    const text = `insert into naive_event (id) select unnest($1::uuid[]) returning ${PLACE}`;
    return toPlaces((await client.query<NaiveRow>(text, [ids])).rows);
  };
  return {
    write: async (ids) => {
      const client = await pool.connect();
      try {
        return await insert(client, ids);
      } finally {
        client.release();
      }
    },
    async writeSlowly(ids, { holdMs, commit }) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const rows = await insert(client, ids);
        await client.query("select pg_sleep($1)", [holdMs / 1000]);
        await client.query(commit ? "commit" : "rollback");
        return rows;
      } finally {
        client.release();
      }
    },
    async page(cursor, limit) {
      const { rows } = await pool.query<NaiveRow>(
        `select ${PLACE} from naive_event where created_at > $1::timestamptz order by naive_event.created_at limit $2`,
        [cursor ?? "-infinity", limit],
      );
      return { rows: toPlaces(rows), cursor: rows.at(-1)?.created_at ?? cursor };
    },
    stored: async () =>
      toPlaces((await pool.query<NaiveRow>(`select ${PLACE} from naive_event order by naive_event.seq`)).rows),
  };
}
