/** Calls as tests of the command line write and read them: one JSON a line. */

/** The n-th call: every third is a denial, providers alternate, seconds count up. */
export const callEvent = (n: number, extra: Record<string, unknown> = {}) => ({
  kind: "call",
  outcome: n % 3 === 0 ? "policy_denial" : "success",
  provider_id: `provider-${n % 2}`,
  occurred_at: `2026-11-21T00:00:${String(n % 60).padStart(2, "0")}Z`,
  context: { n },
  ...extra,
});

export const linesOf = (...events: unknown[]) => events.map((one) => JSON.stringify(one)).join("\n");

interface CallLine {
  id: string;
  seq: number;
  context: { n: number };
  outcome: string;
}

export const rowsOf = (text: string) =>
  text
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as CallLine & Record<string, unknown>);
