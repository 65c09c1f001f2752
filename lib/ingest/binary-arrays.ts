import "server-only";

/**
 * PostgreSQL's binary array format (array_recv): the driver sends a Buffer parameter as binary, which spares quoting and
 * parsing megabytes of JSON text per batch. One-dimensional arrays only; null elements where the type says so.
 */
const HEADER_BYTES = 20;
const OID = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, date: 1082, timestamptz: 1184, uuid: 2950 } as const;
/** Microseconds from 1970 to 2000, PostgreSQL's epoch. */
const PG_EPOCH_MICROS = 946_684_800_000_000;
const PG_EPOCH_DAYS = 10_957;

function header(buffer: Buffer, oid: number, count: number, hasNulls: boolean): void {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(hasNulls ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
}

function empty(oid: number): Buffer {
  const buffer = Buffer.alloc(12);
  buffer.writeInt32BE(oid, 8);
  return buffer;
}

function fixed<T>(
  oid: number,
  width: number,
  values: readonly T[],
  write: (buffer: Buffer, value: T, at: number) => void,
): Buffer {
  if (values.length === 0) return empty(oid);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + width));
  header(buffer, oid, values.length, false);
  let at = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(width, at);
    write(buffer, value, at + 4);
    at += 4 + width;
  }
  return buffer;
}

export const int4Array = (values: readonly number[]): Buffer =>
  fixed(OID.int4, 4, values, (b, v, at) => b.writeInt32BE(v, at));

/** 64-bit integers given as high and low 32 bits in turn, many runs of them one after the other. */
export function int8Array(runs: readonly Int32Array[]): Buffer {
  const count = runs.reduce((sum, run) => sum + run.length / 2, 0);
  if (count === 0) return empty(OID.int8);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + count * 12);
  header(buffer, OID.int8, count, false);
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  let at = HEADER_BYTES;
  for (const run of runs) {
    for (let index = 0; index < run.length; index += 2) {
      view.setInt32(at, 8);
      view.setInt32(at + 4, run[index] ?? 0);
      view.setInt32(at + 8, run[index + 1] ?? 0);
      at += 12;
    }
  }
  return buffer;
}

export const boolArray = (values: readonly boolean[]): Buffer =>
  fixed(OID.bool, 1, values, (b, v, at) => b.writeUInt8(v ? 1 : 0, at));

/** µs since 1970. */
export const timestamptzArray = (micros: readonly number[]): Buffer =>
  fixed(OID.timestamptz, 8, micros, (b, v, at) => b.writeBigInt64BE(BigInt(v - PG_EPOCH_MICROS), at));

/** Days since 1970. */
export const dateArray = (days: readonly number[]): Buffer =>
  fixed(OID.date, 4, days, (b, v, at) => b.writeInt32BE(v - PG_EPOCH_DAYS, at));

export const uuidArray = (values: readonly string[]): Buffer =>
  fixed(OID.uuid, 16, values, (b, v, at) => b.write(v.replaceAll("-", ""), at, "hex"));

export function byteaArray(values: readonly (Buffer | null)[]): Buffer {
  if (values.length === 0) return empty(OID.bytea);
  const bytes = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(bytes);
  header(buffer, OID.bytea, values.length, values.includes(null));
  let at = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(value ? value.length : -1, at);
    at += 4;
    if (value) at += value.copy(buffer, at);
  }
  return buffer;
}

export function textArray(values: readonly string[]): Buffer {
  if (values.length === 0) return empty(OID.text);
  const lengths = values.map((value) => Buffer.byteLength(value));
  const buffer = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, HEADER_BYTES));
  header(buffer, OID.text, values.length, false);
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    buffer.writeInt32BE(lengths[index] ?? 0, at);
    at += 4 + buffer.write(value, at + 4);
  });
  return buffer;
}
