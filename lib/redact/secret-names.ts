/** Secret as the last word of a name: `api-key`, `userPin`. Too short to be looked for inside a word (`monkey`, `postcode`). */
const SECRET_WORD =
  /^(?:key|keys|code|sig|sign|auth|oauth|pwd|pass|pw|pin|otp|totp|sid|jwt|bearer|session|creds?|hmac|cookies?)$/;
/** Secret at the end of a name also where the words run together: `authtoken`, `PHPSESSID`. */
const SECRET_ENDING =
  /(?:tokens?|tokenhint|secrets?|passwords?|passwd|passphrase|passcode|(?:api|access|secret|private|auth|session|signing)keys?|accesskeyid|signature|credentials?|authorization|authentication|authcode|codeverifier|sess(?:ion)?id|assertion|samlresponse|apikeys?)$/;
const SIGNED_BY_CLOUD = /(?:^|[^a-z])x[-_](?:amz|goog)[-_]/i;

/** Decodes what is ASCII and never fails: a broken escape elsewhere in the name must not hide a secret's. */
const parameterName = (raw: string) =>
  raw.replace(/%[0-7][0-9a-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));

const apartByCase = (name: string) =>
  name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");

function endsSecretly(name: string): boolean {
  const words = name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  return SECRET_WORD.test(words.at(-1) ?? "") || SECRET_ENDING.test(words.join(""));
}

/** Whether the name of a parameter or field, or a part of `a[b][c]`, says that its value is a secret. */
export function isSecretName(raw: string): boolean {
  const name = parameterName(raw);
  if (SIGNED_BY_CLOUD.test(name)) return true;
  return name.split(/[[\]]/).some((part) => endsSecretly(part) || endsSecretly(apartByCase(part)));
}
