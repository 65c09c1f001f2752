import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { CLEAN_ENVIRONMENT, ROOT } from "@/lib/testing/program";

/** In a process of its own, since the log goes to stderr itself and not through console. */
function logged(statement: string): string {
  const script = `import { logger } from "@/lib/observability/logger"; ${statement}`;
  const args = ["--conditions=react-server", "--import", "tsx", "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: CLEAN_ENVIRONMENT,
  });
  expect(stdout).toBe("");
  return stderr;
}

test("what a row or a secret may be in does not reach the log", () => {
  const line = logged(
    'logger().info({ count: 3, request_body: { password: "pw-leak" }, headers: { a: "header-leak" }, key: { api_key: "key-leak" }, event: { reason: "event-leak" } }, "done");',
  );
  expect(JSON.parse(line)).toMatchObject({ level: 30, msg: "done", count: 3, headers: "[cut]", event: "[cut]" });
  expect(line).not.toContain("leak");
});

test("an error of the database is named without the row that it quotes", () => {
  const line = logged(
    'const error = Object.assign(new Error("duplicate key value"), { code: "23505", detail: "Key (email)=(leak@example.com) exists", where: "leak" }); logger().error({ err: error }, "append failed");',
  );
  expect(JSON.parse(line).err).toMatchObject({ type: "Error", message: "duplicate key value", code: "23505" });
  expect(line).not.toContain("leak");
});
