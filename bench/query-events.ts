import { pick } from "./events";

// Realistic statements with literals of every kind, about as long as the calls of events.ts.

const COLUMNS = ["id", "email", "full_name", "created_at", "amount", "status", "country", "ssn", "phone", "notes"];
const TABLES = ["customers", "orders", "payments", "invoices", "sessions", "events_2024", "accounts", "addresses"];
const WORDS = ["paid", "o''brien", "ana@example.com", "2026-01-02", "berlin", "it''s late", "active", "078-05-1120"];

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

function condition(random: () => number): string {
  const column = pick(random, COLUMNS);
  const roll = random();
  if (roll < 0.4) return `${column} = '${pick(random, WORDS)}'`;
  if (roll < 0.6) return `${column} in (${times(3, () => Math.floor(random() * 100_000)).join(", ")})`;
  return roll < 0.8 ? `${column} >= $${Math.ceil(random() * 9)}` : `${column} between ${random().toFixed(3)} and 9e3`;
}

export function statement(random: () => number): string {
  const [first, second] = [pick(random, TABLES), pick(random, TABLES)];
  return `/* app=${pick(random, WORDS)} */ select ${times(4, () => `a.${pick(random, COLUMNS)}`).join(", ")}
from ${first} as a join ${second} as b on a.id = b.${pick(random, COLUMNS)}
where ${times(4, () => condition(random)).join("\n  and ")}
order by 1 limit ${Math.floor(random() * 1_000)} -- ${pick(random, WORDS)}`;
}

export function makeQueryEvent(random: () => number): Record<string, unknown> {
  const text = statement(random);
  const table = pick(random, TABLES);
  return {
    kind: "query",
    username: `user_${Math.floor(random() * 2_000)}`,
    role: pick(random, ["analyst", "app", "admin"]),
    query_text: text,
    query_id: `${Math.floor(random() * 1e9)}-${Math.floor(random() * 1e9)}`,
    rows_accessed: Math.floor(random() * 10_000),
    execution_status: "success",
    query_type: "SELECT",
    started_at: new Date().toISOString(),
    completed_at: new Date().toISOString(),
    execution_time_ms: Math.floor(random() * 500),
    client_application: pick(random, ["psql", "metabase", "worker"]),
    client_ip: `10.${Math.floor(random() * 255)}.0.7`,
    session_id: `6925a1b2.${Math.floor(random() * 9_999)}`,
    data_source_type: "postgres",
    database_name: "shop",
    schema_name: "public",
    objects_accessed: [{ database: "shop", schema: "public", table, column: pick(random, COLUMNS) }],
    tags_accessed: [{ key: "PII", value: "email" }],
  };
}
