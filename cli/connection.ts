import { env } from "../lib/config/env";
import type { Given, Options } from "./command";
import { findCredentials } from "./credentials";
import { ServerFault, UsageFault } from "./faults";
import { Server } from "./server";
import type { Terminal } from "./terminal";

/** Options of every command that speaks to a server. */
export const CONNECTION = {
  url: {
    value: "address",
    about: "Where Affidavit runs. Else `AFFIDAVIT_URL`, else the demo's own address (`demo-credentials.json`)",
  },
  key: {
    value: "api key",
    about:
      "Else `AFFIDAVIT_API_KEY` (or `AFFIDAVIT_API_KEY_FILE`), else the demo's key, which is sent to the demo's own address only. Other users of the machine can see a command line: prefer the variable",
  },
} as const satisfies Options;

export const APP = {
  app: {
    value: "app",
    about: "Id or name of another application than the key's own (for a key of the whole organization)",
  },
} as const satisfies Options;

/** Names the organization's own log where an application is asked for, as `app_id` of the API does. */
export const SYSTEM_LOG = "system";

export const LOG = {
  app: { ...APP.app, about: `${APP.app.about}; \`${SYSTEM_LOG}\`: the organization's own log` },
} as const satisfies Options;

export const LOGS = {
  app: {
    value: "app",
    about:
      "Id or name of another application than the key's own; `all` for every one of the key's, `system` for the organization's own log",
    many: true,
  },
} as const satisfies Options;

export const JSON_LINES = {
  json: { about: "One JSON object a row and line, for scripts" },
} as const satisfies Options;

/** The server that the options and the environment name. @throws UsageFault */
export function connect(given: Given<typeof CONNECTION>, terminal: Terminal): Server {
  const { url, apiKey } = findCredentials(given, env());
  return new Server({
    base: url,
    apiKey,
    signal: terminal.signal,
    onRetry: (why, ms) => terminal.err(`Waiting ${(ms / 1000).toFixed(1)} s: ${why}.\n`),
  });
}

export interface App {
  id: string;
  name: string;
  created_at: string;
}

const askApps = (server: Server) => server.get<{ apps?: App[]; home_app_id?: string | null }>("/v1/apps");

export const listApps = async (server: Server): Promise<App[]> => (await askApps(server)).apps ?? [];

/** An id of an application or a data source. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id of an application that was named or whose id was given. A name is meant to the letter where there is such a one.
 * @throws UsageFault where there is none, or more than one
 */
export async function appIdOf(server: Server, app: string): Promise<string> {
  if (UUID.test(app)) return app.toLowerCase();
  const apps = await listApps(server);
  const alike = apps.filter(({ name }) => name.toLowerCase() === app.toLowerCase());
  const found = alike.find(({ name }) => name === app) ?? (alike.length === 1 ? alike[0] : undefined);
  if (found) return found.id;
  if (alike.length > 1) {
    const both = alike.map(({ id, name }) => `"${name}" (${id})`).join(", ");
    throw new UsageFault(`Several applications are called so: ${both}. Give the name to the letter, or the id.`);
  }
  const names = apps.map(({ name }) => `"${name}"`).join(", ");
  throw new UsageFault(
    `There is no application "${app}" that this key may use at ${server.address}. There ${apps.length === 1 ? "is" : "are"} ${names || "none"}.`,
  );
}

/** The same where the organization's own log may be meant. @throws UsageFault as appIdOf */
export const logIdOf = async (server: Server, app: string): Promise<string> =>
  app === SYSTEM_LOG ? app : appIdOf(server, app);

/** The logs that options name, as parameters. @throws UsageFault as appIdOf */
export async function logParams(server: Server, apps: readonly string[] = []): Promise<[string, string][]> {
  const params: [string, string][] = [];
  for (const app of apps) params.push(["app_id", app === "all" ? app : await logIdOf(server, app)]);
  return params;
}

/** An application as far as the key may know it. */
export interface AppLabel {
  id?: string;
  name?: string;
}

/**
 * Which application a request without `app_id` went to, and its name. No row is asked for: that would be told in the
 * system log as a view of the whole log. A key that may not read cannot know either:
 * then what is unknown stays out.
 */
export async function labelApp(server: Server, appId: string | undefined): Promise<AppLabel> {
  try {
    const { apps = [], home_app_id: home } = await askApps(server);
    const id = appId ?? home ?? undefined;
    const name = apps.find((app) => app.id === id)?.name;
    return { ...(id !== undefined && { id }), ...(name !== undefined && { name }) };
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    return appId === undefined ? {} : { id: appId };
  }
}
