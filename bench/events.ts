/** Realistic call events of about 1 KB from a seeded generator, so that two runs write the same rows. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  // Mulberry32: small, and good enough to spread values.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PROVIDERS = [
  "google-calendar",
  "slack",
  "github",
  "salesforce",
  "stripe",
  "notion",
  "jira",
  "s3.amazonaws.com",
  "gmail",
  "hubspot",
];
const TOOLS = [
  "find_events",
  "send_message",
  "open_issue",
  "read_contact",
  "create_charge",
  "search_pages",
  "get_object",
  "list_threads",
];
const REASONS = [
  "Find a free slot for the interview",
  "Answer the customer's question about the invoice",
  "Open a ticket for the failing build",
  "Collect the contract for legal review",
];

export const pick = <T>(random: () => number, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;
const hex = (random: () => number, length: number) =>
  Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");

export function makeEvent(random: () => number): Record<string, unknown> {
  const provider = pick(random, PROVIDERS);
  const roll = random();
  const outcome =
    roll < 0.93 ? "success" : roll < 0.96 ? "policy_denial" : roll < 0.99 ? "provider_error" : "network_error";
  const user = `user_${Math.floor(random() * 20_000)}`;
  return {
    kind: "call",
    provider_id: provider,
    caller: `worker-${Math.floor(random() * 12)}`,
    principal_user_id: user,
    principal_type: "user",
    principal_user_email: `${user}@example.com`,
    grant_id: `grant_${Math.floor(random() * 40_000)}`,
    grant_kind: "oauth",
    grant_scopes: ["read", "write"],
    agent_id: `agent_${Math.floor(random() * 200)}`,
    agent_name: `Assistant ${Math.floor(random() * 200)}`,
    method: roll < 0.7 ? "GET" : "POST",
    url: `https://api.example.com/v1/${provider}/items/${hex(random, 12)}?page=${Math.floor(random() * 10)}`,
    response_status: outcome === "success" ? 200 : outcome === "provider_error" ? 502 : undefined,
    latency_ms: Math.floor(20 + random() * random() * 2_000),
    outcome,
    reason: pick(random, REASONS),
    tool: pick(random, TOOLS),
    run_id: `run_${hex(random, 10)}`,
    thread_id: `thread_${hex(random, 10)}`,
    trace_id: hex(random, 32),
    context: { ticket: `OPS-${Math.floor(random() * 5_000)}`, attempt: 1, region: "eu-central-1" },
    user_agent: "affidavit-bench/1.0",
    client_ip: `10.${Math.floor(random() * 255)}.${Math.floor(random() * 255)}.7`,
    request_headers: { accept: "application/json", "content-type": "application/json" },
  };
}
