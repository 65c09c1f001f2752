import { describe, expect, it } from "vitest";
import { AttemptLimit } from "./attempt-limit";

function limitAt(clock: { now: number }) {
  return new AttemptLimit({ attemptsMax: 3, windowMs: 1_000, keysMax: 2, now: () => clock.now });
}

describe("AttemptLimit", () => {
  it("refuses the attempt after the last one and lets go when the window ends", () => {
    const clock = { now: 0 };
    const limit = limitAt(clock);
    expect([1, 2, 3, 4].map(() => limit.take("a"))).toEqual([true, true, true, false]);
    clock.now = 999;
    expect(limit.take("a")).toBe(false);
    clock.now = 1_000;
    expect(limit.take("a")).toBe(true);
  });

  it("counts keys apart, and gives back what succeeded", () => {
    const limit = limitAt({ now: 0 });
    for (let attempt = 0; attempt < 3; attempt += 1) limit.take("a");
    expect(limit.take("b")).toBe(true);
    limit.giveBack("a");
    expect([limit.take("a"), limit.take("a")]).toEqual([true, false]);
  });

  it("remembers no more keys than it may, the newest", () => {
    const limit = limitAt({ now: 0 });
    for (let attempt = 0; attempt < 4; attempt += 1) limit.take("old");
    limit.take("b");
    limit.take("c");
    expect(limit.take("old")).toBe(true);
  });
});
