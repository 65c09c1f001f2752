import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Env } from "../lib/config/env";
import { UsageFault } from "./faults";

export interface Credentials {
  url: URL;
  apiKey: string;
}

type Surroundings = Pick<Env, "AFFIDAVIT_URL" | "AFFIDAVIT_API_KEY" | "dataDir" | "isDataDirGiven" | "publicUrl">;

interface Demo {
  url: string;
  api_key: string;
}

const FILE = "demo-credentials.json";
/** `npx affidavit` may run in another folder than the checkout. */
const CHECKOUT_DATA = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../data");

/**
 * The demo's credentials. A data folder that was named is the only one looked into: another installation's demo would
 * get the rows.
 */
function readDemo({ dataDir, isDataDirGiven }: Surroundings): Demo | undefined {
  for (const folder of isDataDirGiven ? [dataDir] : new Set([dataDir, CHECKOUT_DATA])) {
    try {
      return JSON.parse(readFileSync(path.join(folder, FILE), "utf8")) as Demo;
    } catch {}
  }
  return undefined;
}

function parseOrigin(text: string): URL {
  // URL.parse needs Node 22.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageFault(`"${text}" is not an address such as https://audit.example.com.`);
  return url;
}

/** Whether both are one server: localhost and 127.0.0.1 are. */
function isSameServer(one: URL, other: URL): boolean {
  const name = (url: URL) => (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) ? "localhost" : url.hostname);
  return one.protocol === other.protocol && one.port === other.port && name(one) === name(other);
}

/**
 * Where to write and with which key: flags, else the environment, else the demo organization's credentials. The demo
 * key is only ever sent to the demo's own address.
 * @throws UsageFault where one is missing
 */
export function findCredentials(flags: { url?: string; key?: string }, env: Surroundings): Credentials {
  const demo = readDemo(env);
  const url = parseOrigin(flags.url ?? env.AFFIDAVIT_URL ?? demo?.url ?? env.publicUrl);
  const own = flags.key ?? env.AFFIDAVIT_API_KEY;
  const apiKey = own ?? (demo && isSameServer(url, parseOrigin(demo.url)) ? demo.api_key : undefined);
  if (!apiKey) {
    const looked = demo || !env.isDataDirGiven ? "" : ` (${path.join(env.dataDir, FILE)} is not there)`;
    throw new UsageFault(
      `There is no API key for ${url.origin}${looked}: give one with AFFIDAVIT_API_KEY or --key (the portal makes them under Settings → API keys).`,
    );
  }
  return { url, apiKey };
}
