/** Made once: making one costs as much as formatting a hundred numbers. */
const NUMBERS = new Intl.NumberFormat("en-US");
const TENTHS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `1,204,332`. */
export const grouped = (count: number): string => NUMBERS.format(count);

/** `1 row`, `1,204,332 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `1 byte`, `24 KB`, `1.3 MB`: in powers of ten, never a zero for what is not empty. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, "byte");
  const kilobytes = Math.round(bytes / 1_000);
  return kilobytes < 1_000 ? `${kilobytes} KB` : `${TENTHS.format(bytes / 1_000_000)} MB`;
}
