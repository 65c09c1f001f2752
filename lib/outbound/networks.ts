import "server-only";
import { BlockList, isIP, isIPv6 } from "node:net";
import { env } from "@/lib/config/env";

/**
 * Networks that nobody outside this machine's operator may make us reach: loopback, private and shared networks, link-local
 * ones with the clouds' metadata, documentation, multicast, and IPv6 ranges that carry IPv4 addresses inside (IANA special
 * registries). Kept by family: one list for both takes ::ffff:0:0/96 for every IPv4 address.
 */
const SPECIAL_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const SPECIAL_V6 = [
  "::/128",
  "::1/128",
  "::ffff:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];
/** Credentials of the machine itself: closed whatever is allowed. */
const NEVER = ["169.254.169.254/32", "fd00:ec2::254/128"];

interface Networks {
  v4: BlockList;
  v6: BlockList;
}

/** @throws Error where a range has more bits than its family */
function networksOf(ranges: readonly string[]): Networks {
  const networks = { v4: new BlockList(), v6: new BlockList() };
  for (const range of ranges) {
    const [address = "", bits = ""] = range.split("/");
    if (isIPv6(address)) networks.v6.addSubnet(address, Number(bits), "ipv6");
    else networks.v4.addSubnet(address, Number(bits), "ipv4");
  }
  return networks;
}

const SPECIAL = networksOf([...SPECIAL_V4, ...SPECIAL_V6]);
const CLOSED = networksOf(NEVER);

const holds = (networks: Networks, address: string) =>
  isIPv6(address) ? networks.v6.check(address, "ipv6") : networks.v4.check(address, "ipv4");

let known: { text: string; networks: Networks } | undefined;
/** What the operator opened: AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS. */
function opened(): Networks {
  const ranges = env().AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS ?? [];
  const text = ranges.join();
  if (known?.text !== text) known = { text, networks: networksOf(ranges) };
  return known.networks;
}

/** Whether nothing that the operator allows opens this address. */
export const staysClosed = (address: string): boolean => isIP(address) !== 0 && holds(CLOSED, address);

/** Whether a request that a user caused may go to this address (IPv4 or IPv6 in numbers). */
export function mayReach(address: string): boolean {
  if (isIP(address) === 0) return false;
  if (staysClosed(address)) return false;
  return !holds(SPECIAL, address) || holds(opened(), address);
}
