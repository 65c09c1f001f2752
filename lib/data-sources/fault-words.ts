import "server-only";
import type { OutboundFaultCode } from "@/lib/outbound/fault";
import { isClosedForGood, isHostName } from "@/lib/outbound/resolve";

/** What a sentence about a fault may name. */
export interface FaultPlace {
  host: string;
  port: number;
  database: string;
  username: string;
}

const PRIVATE =
  "It is in a private or reserved network. Whoever runs this server can open it with AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS.";
/** Advice that cannot help would have somebody open a network for nothing. */
const FOR_GOOD =
  "A cloud gives out the credentials of its machines there. Such addresses stay closed: no setting of this server opens them.";
const FOR_GOOD_OF_NAMES = "An address of a cloud's metadata, 169.254.169.254, stays closed all the same.";

function closedAdvice(host: string): string {
  if (isClosedForGood(host)) return FOR_GOOD;
  return isHostName(host) ? `${PRIVATE} ${FOR_GOOD_OF_NAMES}` : PRIVATE;
}

const SENTENCES: Record<OutboundFaultCode, (place: FaultPlace) => string> = {
  host_malformed: ({ host }) => `“${host}” is no name or address of a host. Give one without a scheme, port or path.`,
  host_not_found: ({ host }) => `There is no host named ${host}, seen from this server. Check the name.`,
  address_not_allowed: ({ host }) => `${host} is an address that this server may not connect to. ${closedAdvice(host)}`,
  refused: ({ host, port }) =>
    `Nothing takes connections at ${host}, port ${port}. Check the port, listen_addresses and the firewall.`,
  timed_out: ({ host, port }) =>
    `${host}, port ${port} did not answer in time. Check the address, and whether a firewall drops what comes from this server.`,
  broken_off: ({ host, port }) =>
    `The connection to ${host}, port ${port} was closed at once. Check that a PostgreSQL server listens there.`,
  tls_not_offered: ({ host }) =>
    `${host} does not offer TLS. Turn it on there (ssl = on), or choose “Without TLS” and say why.`,
  tls_certificate: ({ host }) =>
    `The certificate of ${host} is not one of a public authority for that name, or has expired. Mend it, or choose “require”, which encrypts without checking who answers. For an authority of your own, this server is started with NODE_EXTRA_CA_CERTS.`,
  tls_failed: ({ host }) => `No encrypted connection to ${host} came about. Check its TLS settings and the port.`,
  credentials: ({ username }) => `The password of “${username}” was refused, or there is no such role. Check both.`,
  password_missing: ({ username }) => `The server asks for the password of “${username}”, and none is kept. Enter it.`,
  not_admitted: ({ username, database }) =>
    `The server does not let “${username}” into “${database}” from here. Check pg_hba.conf and the right to connect (GRANT CONNECT).`,
  database_missing: ({ database }) => `There is no database “${database}” on that server. Check the name.`,
  busy: ({ host }) => `${host} takes no further connection at the moment. Try again in a minute.`,
  too_large: ({ host }) => `${host} sent more than this server takes. Is it a PostgreSQL server?`,
  other: ({ host, port }) => `The server at ${host}, port ${port} did not answer as PostgreSQL does. Check the port.`,
};

/** Told apart, these would tell somebody who may not know it what stands where in the network of this server. */
const SAME: ReadonlySet<OutboundFaultCode> = new Set(["refused", "timed_out", "broken_off", "tls_failed", "other"]);
/** So would these of a name: whether it is known inside, and leads there. Of an address they say nothing that is not in it. */
const SAME_OF_NAMES: ReadonlySet<OutboundFaultCode> = new Set(["host_not_found", "address_not_allowed"]);

/**
 * Why a data source could not be used, and what to do. Whoever does not see the whole organization gets the same words for
 * everything that would map the network.
 */
export function faultSentence(code: OutboundFaultCode, place: FaultPlace, toAdmin: boolean): string {
  if (!toAdmin && (SAME.has(code) || (SAME_OF_NAMES.has(code) && isHostName(place.host))))
    return `There is no usable PostgreSQL server at ${place.host}, port ${place.port}. Check the address, or ask an admin.`;
  return SENTENCES[code](place);
}
