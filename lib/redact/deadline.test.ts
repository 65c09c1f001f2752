import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { ROOT } from "@/lib/testing/program";
import { deadline } from "./deadline.ts";

/** Whether the time is over by the last of some looks at the clocks: `[wall, process, thread]`. */
function isOver(...looks: [number, number, number | undefined][]): boolean {
  let now: (typeof looks)[number] = [0, 0, 0];
  const clock = deadline(100, { wall: () => now[0], process: () => now[1], thread: () => now[2] });
  try {
    for (now of looks) clock();
    return false;
  } catch {
    return true;
  }
}

test.each<[string, boolean, ...Parameters<typeof isOver>]>([
  ["this thread used more", true, [0, 0, 0], [10, 10, 10], [200, 200, 101]],
  ["other threads used more", false, [0, 0, 0], [10, 10, 10], [200, 400, 99]],
  ["the thread used more, in part before its clock was read", true, [0, 0, 700], [60, 60, 760], [200, 200, 801]],
  ["other threads used more before its clock was read", false, [0, 0, 700], [60, 10, 760], [200, 200, 840]],
  ["no one tells the thread's time", true, [0, 0, undefined], [10, 10, undefined], [200, 101, undefined]],
  ["no one tells the thread's time, and the process used less", false, [0, 0, undefined], [200, 100, undefined]],
  ["the thread's time is no longer told", true, [0, 0, 0], [10, 10, 10], [200, 200, undefined]],
])("%s", (_, over, ...looks) => {
  expect(isOver(...looks)).toBe(over);
});

const PROGRAM = `
  const { scrypt } = await import("node:crypto");
  const { redactSql } = await import("./lib/redact/redact.ts");
  const { warmUp } = await import("./lib/redact/warm-up.ts");
  warmUp();
  const text = "select a.id, 'x', 4711 from t where b = 5 and c = 'y';\\n".repeat(4_700);
  let hashing = 0;
  const hash = () => {
    hashing++;
    scrypt("a", "b", 64, { N: 2 ** 15, maxmem: 2 ** 26 }, () => hashing--);
  };
  const verdicts = [];
  for (let round = 0; round < 10; round++) {
    while (hashing < 8) hash();
    await new Promise((resolve) => setTimeout(resolve, 5));
    verdicts.push(redactSql(text, "unknown").redaction.verdict);
  }
  process.stdout.write([...new Set(verdicts)].join());
  process.exit();
`;

// Some 35 to 50 ms of the 100 are used, also while others keep the machine busy; the rest is waiting.
test.skipIf(process.platform !== "linux")("hashes on other threads end no reading", { timeout: 60_000 }, () => {
  const args = ["--import", "tsx", "--input-type=module", "-e", PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["full", ""]);
});
