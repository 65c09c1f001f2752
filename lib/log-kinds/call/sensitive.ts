/** Headers that carry credentials. Their values never reach storage, a log line or an error message. */
const SENSITIVE_HEADERS = new Set([
  "authorization",
  "proxy-authorization",
  "authentication",
  "cookie",
  "set-cookie",
  "x-api-key",
  "api-key",
  "x-auth-token",
  "x-access-token",
  "x-csrf-token",
  "x-amz-security-token",
  "x-amz-content-sha256",
  "x-amz-signature",
  "x-amz-credential",
  "x-amz-date",
  "x-goog-api-key",
  "x-goog-iam-authorization-token",
  "x-vault-token",
]);

export type Headers = Record<string, string | string[]>;

/** Splits headers into what may be stored and the sorted, lower-case names of what may not. */
export function stripHeaders(headers: Headers, also: ReadonlySet<string>): { kept: Headers; stripped: string[] } {
  const kept: Headers = {};
  const stripped = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const key = name.trim().toLowerCase();
    if (SENSITIVE_HEADERS.has(key) || also.has(key)) stripped.add(key);
    else kept[name] = value;
  }
  return { kept, stripped: [...stripped].sort() };
}

const SECRET_PARAMETER =
  /^(?:.*[-_.])?(?:access_?token|refresh_?token|id_?token|token|api_?key|apikey|key|sig|signature|code|secret|client_?secret|password|passwd|pwd|auth|authorization|credential|credentials|session|sessionid|sid|jwt|assertion|x-amz-.*|x-goog-.*)$/i;
const MASK = "***";

function parameterName(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll("+", " "));
  } catch {
    return raw;
  }
}

function maskPairs(query: string): string {
  return query
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0 || equals === pair.length - 1) return pair;
      return SECRET_PARAMETER.test(parameterName(pair.slice(0, equals))) ? `${pair.slice(0, equals)}=${MASK}` : pair;
    })
    .join("&");
}

/**
 * Masks a password in the authority and the values of token-like parameters in query and fragment. Works on the text:
 * the address is otherwise kept to the letter, and need not be a valid URL.
 */
export function maskUrl(url: string): string {
  const withoutPassword = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#@\s]*:)[^/?#\s]*@/i, `$1$2${MASK}@`);
  const hash = withoutPassword.indexOf("#");
  const beforeHash = hash < 0 ? withoutPassword : withoutPassword.slice(0, hash);
  const fragment = hash < 0 ? "" : `#${maskPairs(withoutPassword.slice(hash + 1))}`;
  const question = beforeHash.indexOf("?");
  if (question < 0) return beforeHash + fragment;
  return `${beforeHash.slice(0, question)}?${maskPairs(beforeHash.slice(question + 1))}${fragment}`;
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
