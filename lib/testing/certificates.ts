import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** X.509 certificates for servers of a test, in DER as RFC 5280 writes them: ECDSA on P-256 with SHA-256. */
const OID = {
  commonName: "550403",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  ecdsaWithSha256: "2a8648ce3d040302",
};
const DAY_MS = 86_400_000;

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const TRUE = der(0x01, Buffer.from([0xff]));
const bits = (body: Buffer) => der(0x03, Buffer.from([0]), body);
const octets = (body: Buffer) => der(0x04, body);
/** UTCTime: YYMMDDhhmmssZ. */
const time = (at: number) =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
const nameOf = (common: string) => sequence(der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from(common)))));
const ALGORITHM = sequence(oid(OID.ecdsaWithSha256));

const altName = (name: string) =>
  isIP(name) === 4 ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));

const pem = (body: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${body.toString("base64").replaceAll(/.{64}/g, "$&\n").trim()}\n-----END CERTIFICATE-----\n`;

export interface Certified {
  name: string;
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

interface Wanted {
  name: string;
  extension: Buffer;
  signedBy?: Certified | undefined;
  days: [from: number, to: number];
}

function certify({ name, extension, signedBy, days: [from, to] }: Wanted): Certified {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer: KeyObject = signedBy ? createPrivateKey(signedBy.key) : privateKey;
  const now = Date.now();
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // Positive, whatever is drawn.
    der(0x02, Buffer.from([1]), randomBytes(15)),
    ALGORITHM,
    nameOf(signedBy?.name ?? name),
    sequence(time(now + from * DAY_MS), time(now + to * DAY_MS)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const certificate = pem(sequence(body, ALGORITHM, bits(sign("sha256", body, signer))));
  return { name, certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** An authority that signed itself. */
export function makeAuthority(name: string): Certified {
  const extension = sequence(oid(OID.basicConstraints), TRUE, octets(sequence(TRUE)));
  return certify({ name, extension, days: [-2, 2] });
}

/** A certificate of a server for host names and IPv4 addresses, from yesterday to tomorrow unless told otherwise. */
export function makeServerCertificate(
  signedBy: Certified,
  names: readonly string[],
  days: [from: number, to: number] = [-1, 1],
): Certified {
  const extension = sequence(oid(OID.subjectAltName), octets(sequence(...names.map(altName))));
  return certify({ name: "a server of a test", extension, signedBy, days });
}
