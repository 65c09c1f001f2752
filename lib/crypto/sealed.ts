import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deriveKey } from "./secrets";

/**
 * Envelope encryption of secrets at rest: AES-256-GCM under a data key of the organization, which is itself sealed by a key
 * of the root secret. What is stored says which keys it needs, so that either can be replaced while old values still open.
 *
 * A sealed secret: version (1 byte) ‖ id of the data key (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 * A wrapped data key: version of the wrapping key (1) ‖ nonce (12) ‖ ciphertext (32) ‖ tag (16).
 * Nonces are random: 2^32 secrets under one key before they might meet (NIST SP 800-38D, 8.3).
 */
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 16;
const SEALED_VERSION = 1;

/** The keys that wrap data keys, by the version that the wrapped one carries. A new line and WRAPPING_VERSION rotate. */
const WRAPPING_LABELS: Record<number, string> = { 1: "data key wrapping 1" };
const WRAPPING_VERSION = 1;

/** Where a secret stands. It opens nowhere else: a ciphertext that is moved to another row is as good as damaged. */
export interface SecretPlace {
  orgId: string;
  table: string;
  column: string;
  rowId: string;
}

export interface OpenDataKey {
  /** UUID. */
  id: string;
  key: Buffer;
}

/** Said of what does not open: damaged, moved from another row, or sealed by another installation's root secret. */
export class SealBroken extends Error {
  constructor(cause: unknown) {
    super("A sealed secret does not open: it is damaged, was moved, or the server's root secret is another one.", {
      cause,
    });
    this.name = "SealBroken";
  }
}

const aadOf = ({ orgId, table, column, rowId }: SecretPlace, version: number) =>
  Buffer.from([orgId, table, column, rowId, version].join("|"));

/** nonce ‖ ciphertext ‖ tag */
function encrypt(key: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, box: Buffer, aad: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(CIPHER, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(aad)
      .setAuthTag(box.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new SealBroken(error);
  }
}

function wrappingKey(version: number | undefined): Buffer {
  const label = version === undefined ? undefined : WRAPPING_LABELS[version];
  if (!label) throw new SealBroken(`there is no wrapping key ${version}`);
  return deriveKey(label);
}

const placeOfKey = (orgId: string, id: string): SecretPlace => ({
  orgId,
  table: "DataKey",
  column: "wrapped",
  rowId: id,
});

/** A fresh data key for an organization, wrapped as it is to be stored. */
export function wrapNewDataKey(orgId: string, id: string): Buffer {
  return wrapDataKey(orgId, { id, key: randomBytes(KEY_BYTES) });
}

/** Wraps under the newest wrapping key: what a rotation does to each row, without touching a secret. */
export function wrapDataKey(orgId: string, { id, key }: OpenDataKey): Buffer {
  const version = WRAPPING_VERSION;
  return Buffer.concat([
    Buffer.from([version]),
    encrypt(wrappingKey(version), key, aadOf(placeOfKey(orgId, id), version)),
  ]);
}

/** @throws SealBroken */
export function unwrapDataKey(orgId: string, id: string, wrapped: Uint8Array): OpenDataKey {
  const [version = 0] = wrapped;
  const key = decrypt(wrappingKey(version), Buffer.from(wrapped.subarray(1)), aadOf(placeOfKey(orgId, id), version));
  return { id, key };
}

/** Seals a text for one place in the database. */
export function seal(dataKey: OpenDataKey, place: SecretPlace, text: string): Buffer {
  return Buffer.concat([
    Buffer.from([SEALED_VERSION]),
    Buffer.from(dataKey.id.replaceAll("-", ""), "hex"),
    encrypt(dataKey.key, Buffer.from(text, "utf8"), aadOf(place, SEALED_VERSION)),
  ]);
}

/** The id (UUID) of the data key that a sealed secret needs. @throws SealBroken for a form that is not known */
export function dataKeyIdOf(sealed: Uint8Array): string {
  if (sealed[0] !== SEALED_VERSION || sealed.length < 1 + ID_BYTES + NONCE_BYTES + TAG_BYTES)
    throw new SealBroken("its form is not known");
  const hex = Buffer.from(sealed.subarray(1, 1 + ID_BYTES)).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @throws SealBroken also for the right secret in the wrong place */
export function unseal(dataKey: OpenDataKey, place: SecretPlace, sealed: Uint8Array): string {
  const box = Buffer.from(sealed.subarray(1 + ID_BYTES));
  return decrypt(dataKey.key, box, aadOf(place, SEALED_VERSION)).toString("utf8");
}
