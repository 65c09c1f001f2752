/** How long one request may keep this process from everything else, ms; one text of SQL may take longer, at most 100. */
const SLICE_MS = 10;

let last: Promise<void> = Promise.resolve();

/** A turn of the event loop of one's own: of all who wait, one goes on in each. */
function ownTurn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}

/** Work in steps, such as one event each. */
export type Steps<T> = Generator<undefined, T>;

/** Runs work to its end, and lets others have their turn where it takes long (docs/adr/0021). Short work waits for nobody. */
export async function inTurns<T>(work: Steps<T>): Promise<T> {
  let end = performance.now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() < end) continue;
    await ownTurn();
    end = performance.now() + SLICE_MS;
  }
}

/** Runs work to its end at once. */
export function atOnce<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
