import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SpoolFolder } from "./spool-folder";

type Act = { do: "append"; lines: number } | { do: "advance"; lines: number } | { do: "restart" };
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant("append" as const), lines: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("advance" as const), lines: fc.integer({ min: 1, max: 8 }) }),
  fc.constant({ do: "restart" as const }),
);

/** Segments of about three lines, so that they begin and end all the time. */
const open = (folder: string) => SpoolFolder.open(folder, 1_000_000, 40);

/** The front of the spool, and what the model says it must be; a stretch ends with its segment. */
async function checkFront(spool: SpoolFolder, waiting: readonly string[]) {
  const stretch = await spool.read();
  const texts = stretch?.lines.map(({ text }) => text) ?? [];
  expect(texts).toEqual(waiting.slice(0, texts.length));
  expect(texts.length > 0).toBe(waiting.length > 0);
  expect(spool.isEmpty).toBe(waiting.length === 0);
  return stretch;
}

test("whatever happens in whatever order, every line comes out, in order, until it was delivered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const folder = mkdtempSync(path.join(tmpdir(), "afd-folder-"));
      let spool = await open(folder);
      let waiting: string[] = [];
      let written = 0;
      for (const one of acts) {
        if (one.do === "append") {
          const lines = Array.from({ length: one.lines }, () => `line ${written++} é`);
          await spool.append(lines.map((line) => `${line}\n`));
          waiting.push(...lines);
        } else if (one.do === "advance") {
          const lines = (await checkFront(spool, waiting))?.lines.slice(0, one.lines) ?? [];
          const last = lines.at(-1);
          if (last) await spool.advance(last.end);
          waiting = waiting.slice(lines.length);
        } else {
          // As after SIGKILL: nothing is told that it ends, but its handle must not stay open in this process.
          await spool.close();
          spool = await open(folder);
        }
        await checkFront(spool, waiting);
      }
      await spool.close();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 60 },
  );
});
