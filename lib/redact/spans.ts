/** What a token is. A quoted name is shown, unless another reading sees something else there. */
export const TokenClass = { name: 0, string: 1, number: 2, comment: 3 } as const;

/** Tokens as start, end, class, start, …: in order and without overlap. */
export type Spans = number[];

/**
 * Two readings of one text as one: what overlaps becomes one token, which keeps its class only where both mean exactly the
 * same and is a string otherwise. So nothing shows that either hides, and no quoted name is cut in two.
 */
export function unite(left: Spans, right: Spans): Spans {
  if (right.length === left.length && right.every((value, index) => value === left[index])) return left;
  const united: Spans = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    if (r >= right.length || (l < left.length && at(left, l) <= at(right, r))) {
      add(united, left, l);
      l += 3;
    } else {
      add(united, right, r);
      r += 3;
    }
  }
  return united;
}

function add(united: Spans, from: Spans, index: number): void {
  const start = at(from, index);
  const end = at(from, index + 1);
  const tokenClass = at(from, index + 2);
  const last = united.length - 3;
  if (last < 0 || start >= at(united, last + 1)) {
    united.push(start, end, tokenClass);
    return;
  }
  const same = start === at(united, last) && end === at(united, last + 1) && tokenClass === at(united, last + 2);
  if (same) return;
  united[last + 1] = Math.max(end, at(united, last + 1));
  united[last + 2] = TokenClass.string;
}

/** The number at a place that is known to be there. */
export function at(spans: Spans, index: number): number {
  return spans[index] ?? 0;
}

/** The index of the first span that ends after a place; the length if none does. */
export function firstEndingAfter(spans: Spans, place: number): number {
  let low = 0;
  let high = spans.length / 3;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(spans, middle * 3 + 1) > place) high = middle;
    else low = middle + 1;
  }
  return low * 3;
}
