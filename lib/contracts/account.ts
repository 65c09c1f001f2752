import { z } from "zod";
import { displayName } from "./apps";
import { email, newPassword, PASSWORD_CHARS_MAX } from "./sign-in";

/** What a signed-in person may change about themselves, and the one-time link that gives a new password. */
const currentPassword = z
  .string()
  .min(1, { error: "must be given" })
  .max(PASSWORD_CHARS_MAX, { error: "is not your password" })
  .meta({ description: "The password that opens now." });

export const RenameAccount = z.strictObject({
  name: z
    .union([z.literal("").transform(() => null), displayName])
    .meta({ description: "Name of the person; empty: none.", example: "Ada Lovelace" }),
});
export const ChangeEmail = z.strictObject({ email, current_password: currentPassword });
export const ChangePassword = z.strictObject({ current_password: currentPassword, new_password: newPassword });
export const RevokeSession = z.strictObject({ id: z.uuid({ error: "is no id of a session" }) });
export const NoInput = z.strictObject({});

/** A one-time link's token with the password that it is used up for. */
export const ChoosePassword = z.strictObject({
  token: z
    .string()
    .trim()
    .min(1, { error: "is in the link" })
    .max(256)
    .meta({ description: "The one-time token of the link." }),
  password: newPassword,
});

/** The signed-in person. */
export interface Account {
  name: string | null;
  email: string;
  role: string;
  /** False for people who only sign in elsewhere: there is no password here to change. */
  has_password: boolean;
}

/** A sign-in that is open now. */
export interface OpenSession {
  id: string;
  created_at: string;
  /** To the minute. */
  last_seen_at: string;
  expires_at: string;
  client_ip: string | null;
  user_agent: string | null;
  /** The one that asks. */
  current: boolean;
}

export type RenameAccount = z.output<typeof RenameAccount>;
export type ChangeEmail = z.output<typeof ChangeEmail>;
export type ChangePassword = z.output<typeof ChangePassword>;
export type RevokeSession = z.output<typeof RevokeSession>;
export type ChoosePassword = z.output<typeof ChoosePassword>;
