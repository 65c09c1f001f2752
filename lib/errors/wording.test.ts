import { expect, test } from "vitest";
import type { z } from "zod";
import { CreateApiKey } from "../contracts/api-keys";
import { CreateApp } from "../contracts/apps";
import { SearchQuery, WindowQuery } from "../contracts/events";
import { call } from "../log-kinds/call/call";
import { faultsOf, wordFault } from "./wording";

/** `/path message` of each fault, as a person reads it. */
function read(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value, { error: wordFault });
  return parsed.success ? [] : faultsOf(parsed.error).map(({ path, message }) => `/${path.join("/")} ${message}`);
}

test.each([
  ["/method must have at most 512 characters; this has 600", { method: "M".repeat(600) }],
  ["/outcome must be one of: success, policy_denial, provider_error, network_error", { outcome: "fine" }],
  ["/outcome is required", { outcome: undefined }],
  ["/method must be text, not a number", { method: 5 }],
  ["/method must be text, not an object", { method: { a: 1 } }],
  ["/latency_ms must be a number, not text", { latency_ms: "184" }],
  ["/latency_ms must be a whole number, not 1.5", { latency_ms: 1.5 }],
  ["/latency_ms must be at least 0", { latency_ms: -1 }],
  ["/response_status must be at most 999", { response_status: 1000 }],
  ["/grant_scopes must be a list, not text", { grant_scopes: "calendar.read" }],
  ["/grant_scopes/0 must have at most 512 characters; this has 513", { grant_scopes: ["x".repeat(513)] }],
  ["/resolved_user_ids must have at most 256 elements; this has 300", { resolved_user_ids: Array(300).fill("u") }],
  ["/context must be an object", { context: "x" }],
  [
    "/context must have at most 16,384 bytes of JSON; keep large parts elsewhere",
    { context: { a: "x".repeat(17_000) } },
  ],
  [
    "/request_headers/accept must be text of at most 16,384 characters, or a list of at most 64 such texts",
    { request_headers: { accept: 5 } },
  ],
  ["/request_headers must be an object, not a list", { request_headers: [] }],
  ["/occurred_at must be text, not a number", { occurred_at: 5 }],
  ["/nonsense is not a field of this kind", { nonsense: 1 }],
  ["/seq is set by the server: leave it out", { seq: 1 }],
])("%s", (message, change) => {
  expect(read(call.input, { outcome: "success", ...change })).toEqual([message]);
});

test.each([
  [CreateApp, {}, ["/name is required"]],
  [CreateApp, { name: "" }, ["/name must not be empty"]],
  [CreateApp, { name: "x", colour: "red" }, ["/colour is not a field here"]],
  [CreateApp, [], ["/ must be an object, not a list"]],
  [
    CreateApiKey,
    { name: "x", app_id: "home", scopes: [] },
    ["/app_id must be a UUID such as 0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10", "/scopes must name at least one scope"],
  ],
  [
    CreateApiKey,
    { name: "x", app_id: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10", scopes: ["a"], org_wide: "yes", mode: "prod" },
    ["/org_wide must be true or false, not text", "/mode must be one of: live, test"],
  ],
  [SearchQuery, { limit: "x" }, ["/limit must be a whole number"]],
  [
    WindowQuery,
    { from: "2026-11-22T00:00:00 02:00" },
    [
      "/from has a space where its zone begins: in an address a + means a space, so write %2B02:00 for +02:00, or a UTC time with Z",
    ],
  ],
] as [z.ZodType, unknown, string[]][])("a body or query, %#", (schema, value, messages) => {
  expect(read(schema, value)).toEqual(messages);
});

test("no message of Zod's own gets out of a schema of ours", () => {
  const values = [undefined, null, 1, -1, 1.5, "", "x", "x".repeat(20_000), true, [], [1], {}, { a: 1 }, Number.NaN];
  const calls = call.fields
    .filter(({ derived }) => !derived)
    .flatMap(({ name }) => values.flatMap((value) => read(call.input, { outcome: "success", [name]: value })));
  const others = [CreateApp, CreateApiKey, SearchQuery].flatMap((schema) =>
    Object.keys(schema.shape).flatMap((name) => values.flatMap((value) => read(schema, { [name]: value }))),
  );
  const messages = new Set([...calls, ...others].map((message) => message.replace(/^\/\S* /, "")));
  expect(messages.size).toBeGreaterThan(20);
  expect([...messages].filter((message) => /^(Invalid|Too|Unrecognized|Expected)/.test(message))).toEqual([]);
});
