import { expect, test } from "vitest";
import { withDownloadSlot } from "./download-slots";

/** A download of an organization that goes on until it is told to end. */
function begin(orgId: string) {
  let end: (how: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const until = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { done: withDownloadSlot(orgId, () => until), end: () => end("done"), fail: (error: Error) => fail(error) };
}

const refusal = { code: "unavailable", options: { retryAfterSeconds: 5 } };

test("three of one organization and six in all are under way; the next goes on when one has ended or failed", async () => {
  const [first, second, ...mine] = [begin("A"), begin("A"), begin("A")];
  await expect(begin("A").done).rejects.toMatchObject(refusal);
  const theirs = [begin("B"), begin("B"), begin("C")];
  await expect(begin("D").done).rejects.toMatchObject(refusal);
  first?.end();
  expect(await first?.done).toBe("done");
  const another = begin("D");
  await expect(begin("A").done).rejects.toMatchObject(refusal);
  second?.fail(new Error("gone"));
  await expect(second?.done).rejects.toThrow("gone");
  const again = begin("A");
  for (const one of [...mine, ...theirs, another, again]) {
    one.end();
    expect(await one.done).toBe("done");
  }
});
