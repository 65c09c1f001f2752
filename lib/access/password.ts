import "server-only";
import { hash, verify } from "@node-rs/argon2";

/** argon2id (the package's default) with 19 MiB and two passes: OWASP's floor, about 30 ms a guess. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A password's argon2id hash in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Whether the password is the one that was hashed. @throws Error when `stored` is not a hash in PHC form */
export function verifyPassword(stored: string, password: string): Promise<boolean> {
  return verify(stored, password);
}
