import type { Row } from "./kind-view";

/** Somebody tried to sign in and was refused: nobody has shown to be anyone. */
const NOT_SIGNED_IN = "not signed in";
/** A command on the machine where the product runs. */
const ON_THE_HOST = "on the host";
/** Nobody did it: no person, no key, no outside system. */
const PLATFORM = "Affidavit (the platform)";
/** What our own acts name as their system. */
const OWN_SYSTEM = "affidavit";

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** The outside system that tells of an act; undefined for our own acts. */
export function outsideSystemOf({ source_system: system }: Row): string | undefined {
  return isText(system) && system !== OWN_SYSTEM ? system : undefined;
}

/**
 * Who did an administrative act: a person, else the system that tells of it, else the API key (by its name, where the
 * reader may see keys), else the product itself, its host, or nobody who was known.
 */
export function actorOf(row: Row, keyNames: Readonly<Record<string, string>>): string {
  const { actor_email, actor_user_id, actor_key_prefix: key } = row;
  if (isText(actor_email)) return actor_email;
  if (isText(actor_user_id)) return actor_user_id;
  const system = outsideSystemOf(row);
  if (system !== undefined) return system;
  if (isText(key)) return (Object.hasOwn(keyNames, key) && keyNames[key]) || key;
  return nobodyIn(row);
}

function nobodyIn({ event, actor_source }: Row): string {
  if (event === "sign_in.failed") return NOT_SIGNED_IN;
  return actor_source === "cli" ? ON_THE_HOST : PLATFORM;
}

const NOBODY: readonly string[] = [NOT_SIGNED_IN, ON_THE_HOST, PLATFORM];
/** Whether what actorOf says is no name. */
export const isNobody = (actor: string) => NOBODY.includes(actor);
