import type { KindView } from "./kind-view";

/** What a kind's page adds to its declaration. */
export interface KindPage extends Omit<KindView, "id" | "title" | "fields" | "filters"> {
  /** Filters that people look for first, in that order. */
  common: readonly string[];
  /** Field → what its page calls it. */
  labels?: Readonly<Record<string, string>>;
  /** Field → what is said below its filter. */
  hints?: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

const CALL: KindPage = {
  noun: "calls",
  common: [
    "outcome",
    "provider_id",
    "principal_user_id",
    "agent_id",
    "response_status",
    "method",
    "tool",
    "caller",
    "caller_key_prefix",
    "grant_id",
    "run_id",
    "trace_id",
    "url",
  ],
};

const QUERY: KindPage = {
  noun: "queries",
  common: ["username", "role", "query_id", "tag_key", "tag_value", "database", "schema", "table", "column"],
  windowFilters: { after: "Completion After", before: "Completion Before" },
  refreshNote: "Near-real time: seconds to a minute after completion",
  origin:
    "Queries come from a collector at a data source, or from a program that sends rows of the kind query to POST /v1/events.",
};

const CUSTOM: KindPage = {
  noun: "custom events",
  common: ["event_type", "data_source_id", "time_source"],
  origin: "Custom events come from programs of your own, by POST /v1/custom-events.",
};

const SYSTEM: KindPage = {
  noun: "administrative acts",
  common: ["actor_email", "event"],
  labels: { actor_email: "User", actor_user_id: "User ID" },
  hints: {
    actor_email: "A whole e-mail address. Acts of nobody signed in have none: choose their event instead.",
    event: "As the list shows it, or the name that an outside system gave.",
  },
  windowMaxMs: 7 * DAY_MS,
  tabs: "category",
  origin:
    "Affidavit writes one row for every administrative act; outside systems add theirs with a key that has the scope system:write.",
};

/** By the kind's id. */
export const KIND_PAGES: Readonly<Record<string, KindPage>> = {
  call: CALL,
  query: QUERY,
  custom: CUSTOM,
  system: SYSTEM,
};
