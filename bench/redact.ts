import type { Dialect } from "../lib/redact/dialects/dialects";
import { redactSql } from "../lib/redact/redact";
import { seededRandom } from "./events";
import { statement } from "./query-events";
import { type Figure, figure, percentile } from "./report";

const KB = 1_000;

/** One long statement: realistic ones behind one another. */
function text(bytes: number): string {
  const random = seededRandom(7);
  let made = "";
  while (made.length < bytes) made += `${statement(random)}\n;\n`;
  return made.slice(0, bytes);
}

/** What every lexer must do at least: look at each character once. */
function look(sql: string): number {
  let sum = 0;
  for (let at = 0; at < sql.length; at += 1) sum += sql.charCodeAt(at);
  return sum;
}

/**
 * Median of so many runs, ms of processor time, so that other work on the machine does not count. The first tenth is left out:
 * its code is not compiled yet.
 */
function median(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return percentile(times.slice(Math.ceil(runs / 10)), 50);
}

/** Redacting, without anything around it. @param runs of each text */
export function benchRedact(runs: number): Figure[] {
  const [once, twice] = [text(100 * KB), text(200 * KB)];
  const looked = median(runs, () => look(once));
  const dialects: Dialect[] = ["postgres", "mysql", "snowflake", "unknown"];
  return dialects.flatMap((dialect) => {
    const time = (sql: string) => median(runs, () => redactSql(sql, dialect));
    const [first, second] = [time(once), time(twice)];
    return [
      figure({
        name: `100 KB of SQL, ${dialect}`,
        value: first,
        unit: "ms",
        limit: "looking at each character once",
        limit_value: looked,
        goal: "≤ 20 ms",
        better: "lower",
      }),
      figure({
        name: `200 KB of SQL, ${dialect}`,
        value: second,
        unit: "ms",
        limit: "100 KB of it",
        limit_value: first,
        goal: "≤ 2.3",
        better: "lower",
      }),
    ];
  });
}
