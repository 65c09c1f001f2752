import pg from "pg";
import { connectionConfig } from "@/lib/db/pools";

/** A statement that product code sent through `pg`, as it was sent. */
export interface Sent {
  text: string;
  values: unknown[];
}

type Query = pg.Client["query"];

/**
 * Everything that is sent through the driver while `act` runs: the driver is listened to, so a new statement is heard
 * without anybody listing it.
 */
export async function listen(act: () => Promise<unknown>): Promise<Sent[]> {
  const heard: Sent[] = [];
  const original = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [config, values] = given as [string | pg.QueryConfig, unknown[] | undefined];
    if (typeof config === "string") heard.push({ text: config, values: Array.isArray(values) ? values : [] });
    else heard.push({ text: config.text, values: config.values ?? (Array.isArray(values) ? values : []) });
    return original.apply(this, given);
  } as unknown as Query;
  try {
    await act();
  } finally {
    pg.Client.prototype.query = original as unknown as Query;
  }
  return heard;
}

/** Of that partitioned table of which it is the most. */
export interface Touched {
  /** Partitions that stand in the plan. */
  planned: number;
  /** Partitions that planning took a lock on: what exhausts the lock table. */
  locked: number;
}

/** A statement inside a function, and how many partitions of one table its plan reads in the end. */
export interface Nested {
  text: string;
  touched: number;
}

export interface Explainer {
  client: pg.Client;
  touched: (sent: Sent) => Promise<Touched>;
  /** Runs a function, after `first` and rolled back, and answers the plans of the statements inside it. */
  nested: (sent: Sent, first?: string) => Promise<Nested[]>;
}

const relationsOf = (plan: string) => [...plan.matchAll(/"Relation Name": ?"(\w+)"/g)].map((match) => match[1] ?? "");

/** What a COPY copies: EXPLAIN knows no COPY. */
const queryOf = (text: string) => /^copy \((.*)\) to stdout/s.exec(text)?.[1] ?? text;

/** One connection with our session settings, to ask what statements touch. */
export async function openExplainer(): Promise<Explainer> {
  const client = new pg.Client(connectionConfig("explain", { lockTimeoutMs: 5_000, statementTimeoutMs: 60_000 }));
  await client.connect();
  const { rows: known } = await client.query<{ name: string; parent: string }>(
    "select name, parent from audit.partition",
  );
  const parentOf = new Map(known.map(({ name, parent }) => [name, parent]));
  const mostOf = (names: Iterable<string>) => {
    const counts = new Map<string, number>([["", 0]]);
    for (const name of new Set(names)) {
      const parent = parentOf.get(name);
      if (parent) counts.set(parent, (counts.get(parent) ?? 0) + 1);
    }
    return Math.max(...counts.values());
  };
  const locks = `select c.relname from pg_locks l join pg_class c on c.oid = l.relation
    where l.pid = pg_backend_pid() and c.relkind = 'r'`;
  return {
    client,
    async touched({ text, values }) {
      await client.query("begin");
      try {
        const plan = JSON.stringify((await client.query(`explain (format json) ${queryOf(text)}`, values)).rows);
        const { rows } = await client.query<{ relname: string }>(locks);
        return { planned: mostOf(relationsOf(plan)), locked: mostOf(rows.map((row) => row.relname)) };
      } finally {
        await client.query("rollback");
      }
    },
    async nested({ text, values }, first = "select") {
      const plans: Nested[] = [];
      const hear = ({ message = "" }: { message?: string | undefined }) => {
        const at = message.indexOf("{");
        if (at < 0) return;
        const { "Query Text": query } = JSON.parse(message.slice(at)) as { "Query Text": string };
        plans.push({ text: query, touched: mostOf(relationsOf(message)) });
      };
      await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_level = notice;
        set auto_explain.log_nested_statements = on; set auto_explain.log_format = json`);
      await client.query(`begin; ${first}`);
      client.on("notice", hear);
      try {
        await client.query(text, values);
      } finally {
        await client.query("rollback");
        client.off("notice", hear);
        await client.query("set auto_explain.log_min_duration = -1");
      }
      return plans;
    },
  };
}
