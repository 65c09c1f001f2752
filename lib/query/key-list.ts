import "server-only";
import { comparePlaces, type Place } from "./place";

/** A key of a row in search order. Times in µs. */
export interface Key {
  logId: number;
  seq: number;
  created_us: number;
  occurred_us: number;
  /** Of `core` and `detail` together, in UTF-8. */
  bytes: number;
}

/** int8 seq, created_at and occurred_at, int4 bytes. */
const PACKED_BYTES = 8 + 8 + 8 + 4;
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000;

/**
 * The aggregate over the columns seq, created_at, occurred_at and bytes that `KeyList.unpack` reads: the binary forms in
 * which PostgreSQL sends these types. As rows of text 100,001 keys take the driver longer to read than all their documents.
 */
export const PACKED_KEYS =
  "string_agg(int8send(seq) || timestamptz_send(created_at) || timestamptz_send(occurred_at) || int4send(bytes), ''::bytea)";

const readInt64 = (bytes: Buffer, at: number) => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);

/** Of the numbers from 0 to before `length`, how many at the beginning satisfy `is`: a binary search. */
export function countWhile(length: number, is: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers of a key in `#numbers`: occurred_us, logId, seq, created_us, bytes. */
const WIDTH = 5;

/** Keys in search order (place.ts). As numbers side by side a hundred thousand of them are 4 MB; as objects they would be 20. */
export class KeyList implements Iterable<Key> {
  static readonly EMPTY = new KeyList(new Float64Array(0));
  readonly #numbers: Float64Array;

  private constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  /** What PACKED_KEYS made of rows of one log, in any order; null is what it makes of none. */
  static unpack(logId: number, packed: Buffer | null): KeyList {
    if (packed === null) return KeyList.EMPTY;
    const numbers = new Float64Array((packed.length / PACKED_BYTES) * WIDTH);
    let to = 0;
    for (let at = 0; at < packed.length; at += PACKED_BYTES) {
      numbers[to++] = readInt64(packed, at + 16) + POSTGRES_EPOCH_MICROS;
      numbers[to++] = logId;
      numbers[to++] = readInt64(packed, at);
      numbers[to++] = readInt64(packed, at + 8) + POSTGRES_EPOCH_MICROS;
      numbers[to++] = packed.readInt32BE(at + 24);
    }
    return new KeyList(numbers).#sorted();
  }

  get length(): number {
    return this.#numbers.length / WIDTH;
  }
  occurredMicros(index: number): number {
    return this.#numbers[index * WIDTH] as number;
  }
  logId(index: number): number {
    return this.#numbers[index * WIDTH + 1] as number;
  }
  seq(index: number): number {
    return this.#numbers[index * WIDTH + 2] as number;
  }
  createdMicros(index: number): number {
    return this.#numbers[index * WIDTH + 3] as number;
  }
  bytes(index: number): number {
    return this.#numbers[index * WIDTH + 4] as number;
  }

  place(index: number): Place {
    return { occurredAtMicros: this.occurredMicros(index), logId: this.logId(index), seq: this.seq(index) };
  }

  *[Symbol.iterator](): Generator<Key, void> {
    for (let index = 0; index < this.length; index += 1) {
      yield {
        logId: this.logId(index),
        seq: this.seq(index),
        created_us: this.createdMicros(index),
        occurred_us: this.occurredMicros(index),
        bytes: this.bytes(index),
      };
    }
  }

  /** A view: nothing is copied. */
  slice(from: number, to?: number): KeyList {
    return new KeyList(this.#numbers.subarray(from * WIDTH, to === undefined ? undefined : to * WIDTH));
  }

  /** Of the keys for which `keeps` is true at their index. */
  filter(keeps: (index: number) => boolean): KeyList {
    const kept = new Float64Array(this.#numbers.length);
    let length = 0;
    for (let index = 0; index < this.length; index += 1) {
      if (!keeps(index)) continue;
      kept.set(this.#numbers.subarray(index * WIDTH, (index + 1) * WIDTH), length);
      length += WIDTH;
    }
    return new KeyList(kept.subarray(0, length));
  }

  /** How many at the beginning satisfy `is`, which holds for a beginning of the list and for nothing after it. */
  countWhile(is: (index: number) => boolean): number {
    return countWhile(this.length, is);
  }

  /** Both together. */
  merge(other: KeyList): KeyList {
    if (this.length === 0) return other;
    if (other.length === 0) return this;
    const merged = new Float64Array(this.#numbers.length + other.#numbers.length);
    let [mine, theirs] = [0, 0];
    for (let to = 0; to < merged.length; to += WIDTH) {
      const takesMine = theirs === other.length || (mine < this.length && this.#isBefore(mine, other, theirs));
      const index = takesMine ? mine++ : theirs++;
      const from = takesMine ? this.#numbers : other.#numbers;
      for (let at = 0; at < WIDTH; at += 1) merged[to + at] = from[index * WIDTH + at] as number;
    }
    return new KeyList(merged);
  }

  #isBefore(index: number, other: KeyList, otherIndex: number): boolean {
    return comparePlaces(this.place(index), other.place(otherIndex)) < 0;
  }

  #sorted(): KeyList {
    // As they come from an index they nearly always are.
    let isSorted = true;
    for (let index = 1; index < this.length && isSorted; index += 1) isSorted = this.#isBefore(index - 1, this, index);
    if (isSorted) return this;
    const order = Uint32Array.from({ length: this.length }, (_, index) => index);
    order.sort((a, b) => comparePlaces(this.place(a), this.place(b)));
    const numbers = new Float64Array(this.#numbers.length);
    for (const [to, index] of order.entries())
      numbers.set(this.#numbers.subarray(index * WIDTH, (index + 1) * WIDTH), to * WIDTH);
    return new KeyList(numbers);
  }
}
