import { isSecretName } from "../../redact/secret-names.ts";

/** What stands for a secret in an act: that it is there or changed is told, its values never are. */
export const HIDDEN = "***";

export interface Change {
  field: string;
  old?: unknown;
  new?: unknown;
}

/** What was absent stays so. */
const hidden = (value: unknown) => (value === undefined || value === null ? value : HIDDEN);

/** `{key: "PII", value: …}` names something: then that name says whether the value is a secret. */
function nameIn(object: Record<string, unknown>): unknown {
  if (!("value" in object)) return undefined;
  return ["key", "name", "field"].map((name) => object[name]).find((name) => typeof name === "string");
}

/** A JSON value without the values of members whose names say that they are secrets, however deep they are. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  const named = nameIn(value as Record<string, unknown>);
  const isSecret = (name: string) => {
    if (name === "value" && typeof named === "string") return isSecretName(named);
    return isSecretName(name) && !(name === "key" && named === (value as Record<string, unknown>).key);
  };
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSecret(name) ? hidden(member) : masked(member)]),
  );
}

export function maskedChange(change: Change): Change {
  const mask = isSecretName(change.field) ? hidden : masked;
  return {
    ...change,
    ...("old" in change && { old: mask(change.old) }),
    ...("new" in change && { new: mask(change.new) }),
  };
}
