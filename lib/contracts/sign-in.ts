import { z } from "zod";
import { displayName } from "./apps";

/** Signing in, and making the first owner of a new installation. */
export const PASSWORD_CHARS_MIN = 12;
/** Long passphrases are welcome; without a bound one request could buy much hashing. */
export const PASSWORD_CHARS_MAX = 256;

export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: "must be an e-mail address" }))
  .meta({ description: "Sign-in name.", example: "owner@example.com" });

/** What a person types to sign in. No rule on the password but its length: it was set under the rules of its day. */
export const SignIn = z.object({ email, password: z.string().min(1).max(PASSWORD_CHARS_MAX) });

export const newPassword = z
  .string()
  .min(PASSWORD_CHARS_MIN, { error: `must have at least ${PASSWORD_CHARS_MIN} characters` })
  .max(PASSWORD_CHARS_MAX, { error: `must have at most ${PASSWORD_CHARS_MAX} characters` })
  .meta({ description: "A new password." });

export const FirstOwner = z.strictObject({
  organization_name: displayName.meta({ description: "Name of the organization.", example: "Example Ltd" }),
  app_name: displayName.meta({ description: "Name of the first application.", example: "Production" }),
  email,
  password: newPassword,
});
export const Setup = FirstOwner.extend({
  token: z
    .string()
    .trim()
    .min(1, { error: "is on the terminal of the server" })
    .max(256)
    .meta({ description: "The one-time token." }),
});

export type SignIn = z.output<typeof SignIn>;
export type FirstOwner = z.output<typeof FirstOwner>;
export type Setup = z.output<typeof Setup>;
