import { format } from "node:util";
import { afterEach } from "vitest";

/** A warning or an error on the console is a finding: the test during which it appears fails. A test that wants one spies. */
const heard: string[] = [];
for (const method of ["error", "warn"] as const) {
  console[method] = (...values: unknown[]) => {
    heard.push(`console.${method}: ${format(...values)}`);
  };
}

afterEach(() => {
  const lines = heard.splice(0);
  if (lines.length > 0) throw new Error(lines.join("\n"));
});
