/**
 * 64 bits of a text as two signed 32-bit halves: two lanes of MurmurHash3's 32-bit mix over UTF-16 code units. Written in
 * plain integers because a row has about fifty terms: through WebAssembly and BigInt they cost 16 µs a row, so 4.
 * Not cryptographic and need not be: a collision brings a row that the reader then finds not to match.
 */
export interface Hash64 {
  high: number;
  low: number;
}

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

function mix(state: number, unit: number): number {
  let k = Math.imul(unit, C1);
  k = (k << 15) | (k >>> 17);
  let h = state ^ Math.imul(k, C2);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function mixLow(state: number, unit: number): number {
  let k = Math.imul(unit ^ 0x5bd1, C2);
  k = (k << 17) | (k >>> 15);
  let h = state ^ Math.imul(k, C1);
  h = (h << 15) | (h >>> 17);
  return (Math.imul(h, 5) + 0x52dce729) | 0;
}

function finish(state: number, length: number): number {
  let h = state ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The state after a prefix, from which many texts go on. */
export function startHash(prefix: string): Hash64 {
  let high = 0x2f0b4c47;
  let low = 0x71c9feab;
  for (let index = 0; index < prefix.length; index += 1) {
    const unit = prefix.charCodeAt(index);
    high = mix(high, unit);
    low = mixLow(low, unit);
  }
  return { high, low };
}

/** Goes on from a state; `out` receives the result, so that nothing is allocated. */
export function continueHash(start: Hash64, text: string, out: Hash64): void {
  let high = start.high;
  let low = start.low;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = mix(high, unit);
    low = mixLow(low, unit);
  }
  out.high = finish(high, text.length);
  // The lanes are crossed at the end, so that 64 bits hold more than twice 32.
  out.low = finish(low ^ Math.imul(out.high, 0x9e3779b1), text.length + 0x1000);
}
