import "server-only";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { randomBase62, toBase62 } from "@/lib/crypto/base62";

/**
 * `afd_<live|test>_<10 base62 id>_<43 base62 secret>_<6 base62 CRC32>`. 43 characters are 256 bits. The checksum lets a
 * typing error, or a scanner for leaked keys, be told without asking the database.
 */
export type KeyMode = "live" | "test";

const ID_LENGTH = 10;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const SHAPE = /^(afd_(live|test)_([0-9A-Za-z]{10})_([0-9A-Za-z]{43}))_([0-9A-Za-z]{6})$/;

export interface ParsedKey {
  id: string;
  mode: KeyMode;
  /** SHA-256 of the secret; 256 random bits need no slow hash. */
  secretHash: Buffer;
}

/** What rows and lists show of a key. */
export function keyPrefix({ id, mode }: { id: string; mode: string }): string {
  return `afd_${mode}_${id}`;
}

function checksum(body: string): string {
  return toBase62(crc32(body), CHECKSUM_LENGTH);
}

function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** A new key. `text` is shown once and kept nowhere. */
export function makeApiKey(mode: KeyMode): ParsedKey & { text: string } {
  const [id, secret] = [randomBase62(ID_LENGTH), randomBase62(SECRET_LENGTH)];
  const body = `${keyPrefix({ id, mode })}_${secret}`;
  return { id, mode, secretHash: hashSecret(secret), text: `${body}_${checksum(body)}` };
}

/** Takes a key apart, or null when it cannot be one of ours: no look-up is needed to say so. */
export function parseApiKey(text: string): ParsedKey | null {
  const [, body, mode, id, secret, sum] = SHAPE.exec(text) ?? [];
  if (!body || !id || !secret || checksum(body) !== sum) return null;
  return { id, mode: mode === "live" ? "live" : "test", secretHash: hashSecret(secret) };
}
