import { isSecretName } from "../../redact/secret-names.ts";

/** Headers that carry credentials and whose names do not say so. Their values never reach storage, a log line or an error. */
const SENSITIVE_HEADERS = new Set([
  "dpop",
  "ocp-apim-subscription-key",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-signature",
  "x-amzn-oidc-data",
  "x-functions-key",
  "x-ms-client-principal",
  "x-rapidapi-key",
]);
/** Gateways make ever new names of these: X-Forwarded-Authorization, X-Auth-Request-Access-Token, HTTP_X_API_KEY. */
const SENSITIVE_HEADER =
  /(?:^|-)(?:auth|authorization|authentication|cookie2?|password|passwd|secret|(?:access)?token|(?:api|access|auth|secret|private)-?key|credentials?|jwt|assertion|session-?id)$/;

export type Headers = Record<string, string | string[]>;

/** Splits headers into what may be stored and the sorted, lower-case names of what may not. */
export function stripHeaders(headers: Headers, also: ReadonlySet<string>): { kept: Headers; stripped: string[] } {
  const kept: Headers = {};
  const stripped = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const key = name.trim().toLowerCase();
    if (SENSITIVE_HEADERS.has(key) || SENSITIVE_HEADER.test(key.replaceAll("_", "-")) || also.has(key))
      stripped.add(key);
    else kept[name] = value;
  }
  return { kept, stripped: [...stripped].sort() };
}

const MASK = "***";
/** Where the value of a `name=value` with a secret name begins; undefined when there is nothing to mask. */
function secretStart(pair: string): number | undefined {
  const equals = pair.indexOf("=");
  if (equals < 0 || equals === pair.length - 1) return undefined;
  return isSecretName(pair.slice(0, equals)) ? equals + 1 : undefined;
}

function maskPair(pair: string): string {
  const start = secretStart(pair);
  return start === undefined ? pair : pair.slice(0, start) + MASK;
}

/** A value may itself hold parameters: `next=https://b/?token=…`, and `;` once stood for `&`. */
function maskPairs(query: string): string {
  return query
    .split("&")
    .map((pair) =>
      secretStart(pair) === undefined
        ? pair
            .split(/([;?])/)
            .map(maskPair)
            .join("")
        : maskPair(pair),
    )
    .join("&");
}

/** Parameters in a path stand behind a semicolon: `/page;jsessionid=…`. */
const maskPath = (path: string) => path.replace(/;[^;/]+/g, maskPair);

/** What stands before `@` in the authority, all of it: a token is as often the user name as the password. */
const USER_INFO = /^(\s*(?!file:)(?:[a-z][a-z0-9+.:-]*:)?[\\/]{2,})[^/?#\\]+@/i;

/**
 * Masks user info in the authority and the values of token-like parameters in path, query and fragment, in time linear
 * in the length. Works on the text: the address is otherwise kept to the letter, and need not be a valid URL.
 */
export function maskUrl(url: string): string {
  const anonymous = url.replace(USER_INFO, `$1${MASK}@`);
  const hash = anonymous.indexOf("#");
  const beforeHash = hash < 0 ? anonymous : anonymous.slice(0, hash);
  const fragment = hash < 0 ? "" : `#${maskPairs(anonymous.slice(hash + 1))}`;
  const question = beforeHash.indexOf("?");
  if (question < 0) return maskPath(beforeHash) + fragment;
  return `${maskPath(beforeHash.slice(0, question))}?${maskPairs(beforeHash.slice(question + 1))}${fragment}`;
}

/** Most bytes of UTF-8 that are kept of a body. */
export const BODY_BYTES_MAX = 10_240;

/** The longest beginning of `text` that is at most `bytesMax` bytes of UTF-8 and ends between characters. */
export function cutToBytes(text: string, bytesMax: number): { text: string; bytes: number; truncated: boolean } {
  const encoded = Buffer.from(text, "utf8");
  if (encoded.length <= bytesMax) return { text, bytes: encoded.length, truncated: false };
  let end = bytesMax;
  // A continuation byte (10xxxxxx) at the cut means that a character would be split.
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { text: encoded.toString("utf8", 0, end), bytes: encoded.length, truncated: true };
}
