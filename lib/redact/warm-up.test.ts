import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { ROOT } from "@/lib/testing/program";

const PROGRAM = `
  const { redactSql } = await import("./lib/redact/redact.ts");
  const { warmUp } = await import("./lib/redact/warm-up.ts");
  warmUp();
  const text = "select a.id, 'x', 4711 from t where b = 5 and c = 'y';\\n".repeat(4_700);
  process.stdout.write(text.length + " " + redactSql(text, "unknown").redaction.verdict);
`;

test("the first text of a process that has warmed up is read to its end, however long it may be", () => {
  const args = ["--import", "tsx", "--input-type=module", "-e", PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["258500 full", ""]);
});
