import { isSecretName } from "../../lib/redact/secret-names.ts";
import type { Headers as HeaderFields } from "./event.ts";

/** The server's own rules (lib/log-kinds/call/sensitive.ts there), applied before anything leaves the process. */
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
const MASK = "***";

/** Most headers, and most bytes of all of them, that go into a row. */
const HEADERS_MAX = 200;
const HEADER_BYTES_MAX = 65_536;
const HEADER_LENGTH_MAX = 16_384;

export function isSensitiveHeader(name: string, also: ReadonlySet<string>): boolean {
  const key = name.trim().toLowerCase();
  return SENSITIVE_HEADERS.has(key) || SENSITIVE_HEADER.test(key.replaceAll("_", "-")) || also.has(key);
}

/**
 * Headers as they go into a row: the value of a sensitive one never leaves the process. Its name does, with `***`: the server
 * takes it out too, and lists it in `stripped_headers`, so that an auditor sees that the call was authenticated.
 * @param also lower-case names of further ones
 */
export function headersForRow(headers: Iterable<[string, string]>, also: ReadonlySet<string>): HeaderFields {
  const kept: HeaderFields = {};
  let [count, bytes] = [0, 0];
  for (const [name, value] of headers) {
    const shown = isSensitiveHeader(name, also) ? MASK : value.slice(0, HEADER_LENGTH_MAX);
    count += 1;
    bytes += name.length + Buffer.byteLength(shown);
    if (count > HEADERS_MAX || bytes > HEADER_BYTES_MAX) break;
    kept[name] = shown;
  }
  return kept;
}

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

/** Masks user info and the values of token-like parameters in path, query and fragment; otherwise to the letter. */
export function maskUrl(url: string): string {
  const anonymous = url.replace(USER_INFO, `$1${MASK}@`);
  const hash = anonymous.indexOf("#");
  const beforeHash = hash < 0 ? anonymous : anonymous.slice(0, hash);
  const fragment = hash < 0 ? "" : `#${maskPairs(anonymous.slice(hash + 1))}`;
  const question = beforeHash.indexOf("?");
  if (question < 0) return maskPath(beforeHash) + fragment;
  return `${maskPath(beforeHash.slice(0, question))}?${maskPairs(beforeHash.slice(question + 1))}${fragment}`;
}
