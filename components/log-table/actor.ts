import type { Row } from "./kind-view";

/** Nobody did it: no person, no key, no outside system. */
export const PLATFORM = "Affidavit (the platform)";

/** Who did an administrative act: a person, else the program that did it, else the product itself. */
export function actorOf({ actor_email, actor_user_id, actor_key_prefix, source_system }: Row): string {
  const known = [actor_email, actor_user_id, source_system, actor_key_prefix];
  const name = known.find((one) => typeof one === "string" && one !== "");
  return typeof name === "string" ? name : PLATFORM;
}
