import "server-only";
import { hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { env } from "@/lib/config/env";
import { StartupError } from "@/lib/config/startup-error";

const SECRET_CHARACTERS_MIN = 32;
const KEY_BYTES = 32;

/**
 * The root secret kept in a data folder (`secret`, 0600), made when there is none. It appears whole or not at all, and of
 * two processes that make it at once both get the same.
 * @throws StartupError when the file holds something else
 */
export function rootSecretOf(dataDir: string): string {
  const file = path.join(dataDir, "secret");
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, `${randomBytes(48).toString("base64url")}\n`, { mode: 0o600 });
    try {
      linkSync(fresh, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(fresh, { force: true });
    }
  }
  chmodSync(file, 0o600);
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length < SECRET_CHARACTERS_MIN) {
    throw new StartupError(
      `${file} is damaged: it holds fewer than ${SECRET_CHARACTERS_MIN} characters. Restore it from a backup, or delete it (everybody is signed out).`,
    );
  }
  return secret;
}

const derived = new Map<string, Buffer>();

/**
 * 32 bytes for one purpose, from the root secret by HKDF-SHA256. Different labels give keys that tell nothing about each
 * other; a label is never reused for another purpose or changed, since what was made with it would no longer match.
 */
export function deriveKey(label: string): Buffer {
  let key = derived.get(label);
  if (!key) {
    const root = env().AFFIDAVIT_SECRET ?? rootSecretOf(env().dataDir);
    key = Buffer.from(hkdfSync("sha256", root, "", `affidavit:${label}`, KEY_BYTES));
    derived.set(label, key);
  }
  return key;
}
