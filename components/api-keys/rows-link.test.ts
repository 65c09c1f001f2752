import { expect, test } from "vitest";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { rowsOfKey } from "./rows-link";

const APP = "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10";
const NAMES = { [APP]: "Billing" };
const NOW = "2026-11-24T12:00:00.000Z";
const key = (created_at: string, last_used_at: string | null): ApiKey => ({
  id: "4fGh7Kp2Qx",
  prefix: "afd_live_4fGh7Kp2Qx",
  name: "worker",
  app_id: APP,
  org_wide: false,
  scopes: ["events:write"],
  created_at,
  created_by: null,
  expires_at: null,
  revoked_at: null,
  last_used_at,
});
const BASE = `/logs/calls?app=${APP}`;

test.each([
  ["2026-11-24T11:50:00.000000Z", `${BASE}&window=15m&caller_key_prefix=afd_live_4fGh7Kp2Qx`],
  // Just outside a preset is the next one.
  ["2026-11-24T11:00:00.000000Z", `${BASE}&caller_key_prefix=afd_live_4fGh7Kp2Qx`],
  ["2026-11-20T00:00:00.000000Z", `${BASE}&window=7d&caller_key_prefix=afd_live_4fGh7Kp2Qx`],
  [
    "2026-01-02T03:04:05.678901Z",
    `${BASE}&from=2026-01-02T03%3A04%3A05.000Z&to=2026-11-24T11%3A01%3A00.000Z&caller_key_prefix=afd_live_4fGh7Kp2Qx`,
  ],
])("a key of %s", (created, expected) => {
  expect(rowsOfKey(key(created, "2026-11-24T10:59:00.000000Z"), NAMES, NOW)?.href).toBe(expected);
});

test("there is none for a key that was never used, and for an app that cannot be opened", () => {
  expect(rowsOfKey(key(NOW, null), NAMES, NOW)).toBeUndefined();
  expect(rowsOfKey(key(NOW, NOW), {}, NOW)).toBeUndefined();
});

test("the link of a key that addresses every app says whose rows it shows", () => {
  expect(rowsOfKey(key(NOW, NOW), NAMES, NOW)?.text).toBe("Rows by this key");
  expect(rowsOfKey({ ...key(NOW, NOW), org_wide: true }, NAMES, NOW)?.text).toBe("Rows by this key in Billing");
});
