import { createHash } from "node:crypto";

/** Name space of ids derived from contents: a random UUID, fixed for ever. */
const NAMESPACE = Buffer.from("6b1f6d0e5c3d4c7e9a52c1d0f7a8e341", "hex");

/** A UUID of version 5 (RFC 9562): the same text has the same id on every machine and run. */
export function derivedId(text: string): string {
  const hash = createHash("sha1").update(NAMESPACE).update(text).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
