/** Opens private networks to what the product connects to, as an operator would. Before anything reads the environment. */
export function openPrivateNetworks(...ranges: string[]): void {
  process.env.AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS = ranges.join(",");
}
