import { expect, test } from "vitest";
import { openPrivateNetworks } from "@/lib/testing/private-networks";
import { OutboundFault } from "./fault";
import { mayReach } from "./networks";
import { checkedAddresses, normaliseHost, refuseClosedLiteral } from "./resolve";

openPrivateNetworks("10.1.0.0/16", "fd12::/16", "169.254.0.0/16", "fd00::/8");

const codeOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => "let through",
    (error: unknown) => (error instanceof OutboundFault ? error.code : error),
  );
/** A name server that tells of these addresses, and must not be asked about anything that is an address. */
const telling =
  (...addresses: string[]) =>
  async () =>
    addresses;
const unasked = () => {
  throw new Error("an address was looked up");
};

test.each([
  "127.0.0.1",
  "0x7f.1",
  "0x7f000001",
  "0177.0.0.1",
  "2130706433",
  "127.1",
  "①②⑦.⓪.⓪.①",
  "１２７.0.0.1",
  "127。0。0。1",
  "%31%32%37.0.0.1",
  "127.0.0.1.",
  "0",
  "0.0.0.0",
  "[::1]",
  "::1",
  "::",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "0:0:0:0:0:ffff:7f00:1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "fe80::1",
  "ff02::1",
  "10.0.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "169.254.169.254",
  "0xa9fea9fe",
  "fd00:ec2::254",
])("the literal %s is refused without asking anybody, also where a host is written down", async (host) => {
  expect(await codeOf(checkedAddresses(host, unasked))).toBe("address_not_allowed");
  expect(() => refuseClosedLiteral(host)).toThrow(OutboundFault);
});

test.each([
  "",
  " ",
  "a b",
  "a/b",
  "a:80",
  "http://a",
  "user@a",
  "a?b",
  "a#b",
  "a\\b",
  "a\nb",
  "[::1",
  "1.2.3.4.5",
  "fe80::1%eth0",
])("%j is no host", async (host) => {
  expect(await codeOf(checkedAddresses(host, unasked))).toBe("host_malformed");
});

test("public addresses may be reached, and what the operator opened", async () => {
  expect(await checkedAddresses("8.8.8.8", unasked)).toEqual(["8.8.8.8"]);
  expect(await checkedAddresses("[2606:4700::1111]", unasked)).toEqual(["2606:4700::1111"]);
  expect(await checkedAddresses("10.1.2.3", unasked)).toEqual(["10.1.2.3"]);
  expect(await checkedAddresses("fd12::5", unasked)).toEqual(["fd12::5"]);
  expect(mayReach("10.2.0.1")).toBe(false);
  expect(mayReach("not an address")).toBe(false);
});

test("the clouds' metadata may not be reached, though its network is opened", () => {
  expect(mayReach("169.254.1.1")).toBe(true);
  expect(mayReach("169.254.169.254")).toBe(false);
  expect(mayReach("fd00::1")).toBe(true);
  expect(mayReach("fd00:ec2::254")).toBe(false);
});

test("one closed address of a name refuses all of them", async () => {
  expect(await codeOf(checkedAddresses("db.example", telling("8.8.8.8", "127.0.0.1")))).toBe("address_not_allowed");
  expect(await codeOf(checkedAddresses("db.example", telling("8.8.8.8", "::ffff:7f00:1")))).toBe("address_not_allowed");
  expect(await checkedAddresses("db.example", telling("8.8.8.8", "1.1.1.1"))).toEqual(["8.8.8.8", "1.1.1.1"]);
});

test("a name that leads nowhere is not found; other failures of the look-up come through", async () => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
  expect(await codeOf(checkedAddresses("db.example", failing("ENOTFOUND")))).toBe("host_not_found");
  expect(await codeOf(checkedAddresses("db.example", telling()))).toBe("host_not_found");
  await expect(checkedAddresses("db.example", failing("EMFILE"))).rejects.toThrow("EMFILE");
});

test("hosts come out as a browser reads them", () => {
  expect(normaliseHost("DB.Example.COM")).toBe("db.example.com");
  expect(normaliseHost("bücher.example")).toBe("xn--bcher-kva.example");
});
