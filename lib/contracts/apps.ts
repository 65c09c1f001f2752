import { z } from "zod";

/** Applications: one log each. */
const CONTROL = /\p{Cc}/u;
/** A name that people read: 1 to 120 characters without control characters, white space around it cut. */
export const displayName = z
  .string()
  .trim()
  .min(1, { error: "must not be empty" })
  .max(120, { error: "must be at most 120 characters" })
  .refine((value) => !CONTROL.test(value), { error: "must not hold control characters" });

const appName = displayName.meta({
  description: "Name of the application; unique in the organization.",
  example: "Billing",
});

export const CreateApp = z.strictObject({ name: appName });
export const RenameApp = z.strictObject({ name: appName });

const appId = z.uuid({ error: "is no id of an application" });
/** What the portal's forms send: the id beside the wish. */
export const RenameAppForm = RenameApp.extend({ id: appId });
export const AppId = z.strictObject({ id: appId });

export const App = z.strictObject({
  id: z
    .uuid()
    .meta({ description: "Id of the application and of its log.", example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10" }),
  name: appName,
  created_at: z.string().meta({ description: "When it was made.", example: "2026-11-22T00:01:02.345678Z" }),
});
export const AppList = z.strictObject({
  apps: z.array(App).meta({ description: "Oldest first; without archived ones." }),
  home_app_id: z.uuid().nullable().meta({
    description: "Where a request goes that names no application; null where it has to name one.",
    example: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
  }),
});

/** An application as whoever manages it sees it. */
export interface ManagedApp extends App {
  /** Null while it is in use. */
  archived_at: string | null;
  /** How many rows its log holds. */
  rows: number;
  /** Keys of this home that work, or would if it were not archived. */
  live_keys: number;
}

export type CreateApp = z.output<typeof CreateApp>;
export type RenameApp = z.output<typeof RenameApp>;
export type App = z.output<typeof App>;
