import { expect, test } from "vitest";
import { atOnce, inTurns, type Steps } from "./time-slices";

const busy = (ms: number) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

/** Counts turns of the event loop until it is told to stop. */
function countTurns(): () => number {
  let turns = 0;
  let timer = setImmediate(count);
  function count() {
    turns += 1;
    timer = setImmediate(count);
  }
  return () => {
    clearImmediate(timer);
    return turns;
  };
}

function* work(steps: number, ms: number, note: () => void = () => {}): Steps<number> {
  for (let step = 0; step < steps; step += 1) {
    busy(ms);
    note();
    yield;
  }
  return steps;
}

test("long work lets others have a turn after 10 ms; the result is the same", async () => {
  const turns = countTurns();
  expect(await inTurns(work(20, 6))).toBe(20);
  expect(turns()).toBeGreaterThanOrEqual(9);
  expect(atOnce(work(3, 0))).toBe(3);
});

test("short work waits for hardly any turn", async () => {
  const turns = countTurns();
  await inTurns(work(1_000, 0));
  expect(turns()).toBeLessThanOrEqual(1);
});

test("of many that are long, one goes on in each turn, each in its time", async () => {
  const order: number[] = [];
  const turns = countTurns();
  await Promise.all([1, 2, 3].map((name) => inTurns(work(5, 11, () => order.push(name)))));
  expect(turns()).toBeGreaterThanOrEqual(12);
  expect(order.slice(0, 9)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test("an error in a step is the caller's", async () => {
  const broken = function* (): Steps<never> {
    yield;
    throw new Error("broken");
  };
  await expect(inTurns(broken())).rejects.toThrow("broken");
  expect(() => atOnce(broken())).toThrow("broken");
});
