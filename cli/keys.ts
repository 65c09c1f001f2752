import { formatTime } from "../lib/log-kinds/time";
import { defineCommand } from "./command";
import { appIdOf, CONNECTION, connect, labelApp, listApps } from "./connection";
import { ServerFault, UsageFault } from "./faults";
import { parseTime } from "./question";
import type { Server } from "./server";
import { visible } from "./words";

interface ApiKey {
  id: string;
  prefix: string;
  name: string;
  app_id: string;
  org_wide: boolean;
  scopes: string[];
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

const listKeys = async (server: Server): Promise<ApiKey[]> =>
  (await server.get<{ api_keys: ApiKey[] }>("/v1/api-keys")).api_keys;

/** Whether it works, in words. */
function stateOf({ revoked_at, expires_at, last_used_at }: ApiKey): string {
  if (revoked_at) return `revoked ${revoked_at}`;
  if (expires_at && Date.parse(expires_at) <= Date.now()) return `expired ${expires_at}`;
  const expiry = expires_at ? `, expires ${expires_at}` : "";
  return `${last_used_at ? `last used ${last_used_at}` : "never used"}${expiry}`;
}

/** Keys as lines, with the names of their applications; one that is archived, or that our key may not know, by its id. */
async function keyLines(server: Server, keys: readonly ApiKey[]): Promise<string[]> {
  // Reading applications takes events:read, which a key that only manages keys need not have.
  const apps = await listApps(server).catch((error: unknown) => {
    if (error instanceof ServerFault) return [];
    throw error;
  });
  const names = new Map(apps.map(({ id, name }) => [id, `"${visible(name)}"`]));
  return keys.map((key) => {
    const app = key.org_wide ? "every app" : `app ${names.get(key.app_id) ?? key.app_id}`;
    return [key.prefix, visible(key.name), app, key.scopes.join(" "), stateOf(key)].join("  ");
  });
}

export const listKeysCommand = defineCommand({
  name: "keys list",
  summary: "List API keys, newest first; needs the scope keys:manage",
  about: ["Keys themselves are shown once, when they are made. This lists the first part of each, as rows carry it."],
  options: { ...CONNECTION, json: { about: "One JSON array" } },
  examples: [{ does: "All keys, revoked ones too", line: "affidavit keys list" }],
  async run({ given }, terminal) {
    const server = connect(given, terminal);
    const keys = await listKeys(server);
    if (given.json) await terminal.out(`${JSON.stringify(keys)}\n`);
    else await terminal.out((await keyLines(server, keys)).map((line) => `${line}\n`).join(""));
    return 0;
  },
});

export const createKeyCommand = defineCommand({
  name: "keys create",
  summary: "Make an API key and print it, this once",
  about: [
    "The key alone goes to the standard output, so that a script can keep it: `KEY=$(affidavit keys create …)`. It can do no more than the key that makes it. Needs the scope keys:manage.",
  ],
  options: {
    ...CONNECTION,
    name: { value: "name", about: "What it is for, in words" },
    scope: { value: "scope", many: true, about: "What it may do, such as `events:write`; at least one" },
    app: { value: "app", about: "Id or name of its home application. Default: that of the key that makes it" },
    "org-wide": { about: "It may name every application of the organization" },
    test: { about: "Marks it as a test key: `afd_test_…`" },
    expires: { value: "time", about: "When it stops working, such as `2027-11-22T00:00:00Z`. Default: never" },
    json: { about: "The whole answer as one JSON object" },
  },
  examples: [
    {
      does: "A key with which a worker may write",
      line: 'affidavit keys create --name "nightly worker" --scope events:write',
    },
    {
      does: "A key for an auditor, until the end of the year",
      line: "affidavit keys create --name auditor --scope events:read --scope exports:create --expires 2099-01-01T00:00:00Z",
    },
  ],
  async run({ given }, terminal) {
    const { name, scope: scopes = [], app, expires } = given;
    if (name === undefined) throw new UsageFault("Say what the key is for: --name.");
    if (scopes.length === 0) throw new UsageFault("Say what the key may do: --scope events:write, for example.");
    const expiresAt = expires === undefined ? undefined : formatTime(parseTime("expires", expires));
    const server = connect(given, terminal);
    const appId = app === undefined ? (await labelApp(server, undefined)).id : await appIdOf(server, app);
    if (appId === undefined) {
      throw new UsageFault("Name the key's home application with --app; `affidavit apps list` lists them.");
    }
    const made = await server.change<ApiKey & { key: string }>("POST", "/v1/api-keys", {
      name,
      scopes,
      app_id: appId,
      org_wide: given["org-wide"] === true,
      mode: given.test ? "test" : "live",
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
    });
    await terminal.out(`${given.json ? JSON.stringify(made) : made.key}\n`);
    terminal.err(`Made ${await keyLines(server, [made])}\nThe key is shown this once: keep it now.\n`);
    return 0;
  },
});

export const revokeKeyCommand = defineCommand({
  name: "keys revoke",
  summary: "Revoke an API key; it stops working within a second",
  operands: "<key>",
  about: [
    "`<key>` is its first part (`afd_live_4fGh7Kp2Qx`), its id (`4fGh7Kp2Qx`) or its name. Needs the scope keys:manage.",
  ],
  options: { ...CONNECTION, json: { about: "The revoked key as one JSON object" } },
  examples: [{ does: "By name", line: 'affidavit keys revoke "nightly worker"' }],
  async run({ given, operands }, terminal) {
    const [wanted] = operands;
    if (wanted === undefined || operands.length > 1) throw new UsageFault("Name one key.");
    const server = connect(given, terminal);
    // Also out of a whole key, as somebody has it who found one where none should be.
    const wantedId = /^afd_(?:live|test)_([0-9A-Za-z]{10})(?:_|$)/.exec(wanted)?.[1] ?? wanted;
    const keys = (await listKeys(server)).filter(
      ({ id, name, revoked_at }) => id === wantedId || (name === wanted && !revoked_at),
    );
    const [key] = keys;
    if (!key) throw new UsageFault(`There is no key "${wanted}"; affidavit keys list lists them.`);
    if (keys.length > 1) {
      const prefixes = keys.map(({ prefix }) => prefix).join(", ");
      throw new UsageFault(`${keys.length} keys have the name "${wanted}": name one by its first part (${prefixes}).`);
    }
    const revoked = await server.change<ApiKey>("DELETE", `/v1/api-keys/${key.id}`);
    await terminal.out(`${given.json ? JSON.stringify(revoked) : `Revoked ${await keyLines(server, [revoked])}`}\n`);
    return 0;
  },
});
