import "server-only";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { OutboundFault } from "./fault";
import { mayReach, staysClosed } from "./networks";

export type Lookup = (host: string) => Promise<readonly string[]>;

const askDns: Lookup = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** Names that are as good as absent: the same words for all of them. */
const ABSENT = new Set(["ENOTFOUND", "ENODATA", "EAI_AGAIN", "EAI_NONAME", "ESERVFAIL", "EAI_FAIL"]);

/**
 * A host as a browser would read it, so that no spelling hides an address: `0x7f.1`, `0177.0.0.1`, `2130706433` and `①②⑦.0.0.1`
 * are all 127.0.0.1. IPv6 comes back without brackets.
 * @throws OutboundFault `host_malformed` for what is no host, or more than one
 */
export function normaliseHost(host: string): string {
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const text = `http://${bracketed}/`;
  // White space and line breaks would be cut without a word.
  if (/[\s/\\?#@]/.test(bracketed) || !URL.canParse(text)) throw new OutboundFault("host_malformed");
  const url = new URL(text);
  if (url.hostname === "" || url.port !== "" || url.pathname !== "/") throw new OutboundFault("host_malformed");
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Whether a host is a name that is looked up, and not an address in any spelling. */
export function isHostName(host: string): boolean {
  try {
    return isIP(normaliseHost(host)) === 0;
  } catch {
    return false;
  }
}

/** Whether a host is an address, in any spelling, that nothing opens. */
export function isClosedForGood(host: string): boolean {
  try {
    return staysClosed(normaliseHost(host));
  } catch {
    return false;
  }
}

/**
 * The addresses behind a host, all of them checked: one that may not be reached refuses the host, since which one is used is
 * decided elsewhere. Connect to these and not to the name, which may lead elsewhere a moment later.
 * @throws OutboundFault `host_malformed`, `host_not_found`, `address_not_allowed`
 */
export async function checkedAddresses(host: string, look: Lookup = askDns): Promise<readonly string[]> {
  const name = normaliseHost(host);
  const addresses = isIP(name) ? [name] : await resolve(name, look);
  if (addresses.length === 0) throw new OutboundFault("host_not_found");
  if (!addresses.every(mayReach)) throw new OutboundFault("address_not_allowed");
  return addresses;
}

async function resolve(name: string, look: Lookup): Promise<readonly string[]> {
  try {
    return await look(name);
  } catch (error) {
    if (ABSENT.has(String((error as NodeJS.ErrnoException).code))) throw new OutboundFault("host_not_found", error);
    throw error;
  }
}

/**
 * Refuses a host that is an address which may not be reached, without asking anybody. Names are looked up when they are used.
 * @throws OutboundFault `host_malformed`, `address_not_allowed`
 */
export function refuseClosedLiteral(host: string): void {
  const name = normaliseHost(host);
  if (isIP(name) && !mayReach(name)) throw new OutboundFault("address_not_allowed");
}
