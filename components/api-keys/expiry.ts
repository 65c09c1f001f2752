/** How long a new key may live, as the form offers it. */
export const EXPIRIES = [
  { value: "never", label: "No expiry" },
  { value: "1", label: "1 day" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "date", label: "After a day of your choice" },
] as const;

const DAY_MS = 86_400_000;

/**
 * The `expires_at` of a choice, RFC 3339; null for none. A chosen day is the last whole day (UTC) on which the key works;
 * what is no day is handed on as it is, for the server to refuse.
 */
export function expiryTime(choice: string, day: string, nowMs: number): string | null {
  if (choice === "never") return null;
  if (choice !== "date") return new Date(nowMs + Number(choice) * DAY_MS).toISOString();
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(startMs) ? day : new Date(startMs + DAY_MS).toISOString();
}
