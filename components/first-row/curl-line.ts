/** Stands where a key goes. */
export const KEY_PLACEHOLDER = "YOUR_API_KEY";

const EVENT = {
  kind: "call",
  provider_id: "example",
  method: "GET",
  url: "https://example.com/",
  response_status: 200,
  outcome: "success",
  reason: "The first row",
};

/**
 * A command for any POSIX shell that writes one row to an application. Every argument is in single quotes: zsh reads a bare
 * `?` as a pattern.
 */
export function curlLine({ origin, appId, key }: { origin: string; appId: string; key: string }): string {
  return [
    `curl '${origin}/v1/events?app_id=${appId}' \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify(EVENT)}'`,
  ].join("\n");
}
