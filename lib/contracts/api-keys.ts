import { z } from "zod";
import { displayName } from "./apps";

const scopes = z
  .array(z.string().max(64))
  .min(1, { error: "must name at least one scope" })
  .max(64)
  .meta({ description: "What the key may do; never more than its maker.", example: ["events:write"] });
const futureTime = z.iso
  .datetime({ offset: true, error: "must be an RFC 3339 time with a zone" })
  .meta({ description: "When it stops working; absent or null: never.", example: "2027-11-22T00:00:00Z" });

export const CreateApiKey = z.strictObject({
  name: displayName.meta({ description: "What the key is for, in words.", example: "billing-worker in production" }),
  app_id: z.uuid().meta({
    description: "Home app: where a request goes that names no app.",
    example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
  }),
  scopes,
  org_wide: z
    .boolean()
    .default(false)
    .meta({ description: "May address every app of the organization.", example: false }),
  mode: z
    .enum(["live", "test"])
    .default("live")
    .meta({ description: "Only a mark in the key itself.", example: "live" }),
  expires_at: futureTime.nullish(),
});

export const ApiKey = z.strictObject({
  id: z.string().meta({ description: "Ten base62 characters.", example: "4fGh7Kp2Qx" }),
  prefix: z.string().meta({ description: "First part of the key, as rows carry it.", example: "afd_live_4fGh7Kp2Qx" }),
  name: z.string().meta({ description: "What the key is for.", example: "billing-worker in production" }),
  app_id: z.uuid().meta({ description: "Home app.", example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10" }),
  org_wide: z.boolean().meta({ description: "May address every app of the organization.", example: false }),
  scopes: z.array(z.string()).meta({ description: "What it may do.", example: ["events:write"] }),
  created_at: z.string().meta({ description: "When it was made.", example: "2026-11-22T00:01:02.345Z" }),
  created_by: z
    .string()
    .nullable()
    .meta({ description: "E-mail address of the maker; null when unknown.", example: "owner@example.com" }),
  expires_at: z.string().nullable().meta({ description: "When it stops working; null: never.", example: null }),
  revoked_at: z.string().nullable().meta({ description: "When it was revoked; null: it was not.", example: null }),
  last_used_at: z
    .string()
    .nullable()
    .meta({ description: "To the minute; null: never.", example: "2026-11-22T00:01:00.000Z" }),
});
export const ApiKeyList = z.strictObject({
  api_keys: z.array(ApiKey).meta({ description: "Newest first, revoked ones too." }),
});
/** The answer that makes a key: the only time that the key itself is shown. */
export const NewApiKey = ApiKey.extend({
  key: z.string().meta({
    description: "The whole key. Shown this once and kept nowhere.",
    example: "afd_live_4fGh7Kp2Qx_…",
  }),
});
export const RevokeApiKey = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z]{10}$/, { error: "is no id of a key" }),
});

export type CreateApiKey = z.output<typeof CreateApiKey>;
export type ApiKey = z.output<typeof ApiKey>;
export type NewApiKey = z.output<typeof NewApiKey>;
