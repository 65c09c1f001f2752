import { describe, expect, it } from "vitest";
import { actorOf } from "./actor";

const envelope = { id: "1", seq: 1, created_at: "", occurred_at: "" };
const who = (row: object) => actorOf({ ...envelope, ...row }, { afd_live_1: "billing worker" });

describe("actorOf", () => {
  it.each([
    [
      "a person by e-mail address",
      { actor_email: "ana@example.com", actor_key_prefix: "afd_live_1" },
      "ana@example.com",
    ],
    ["a person by id", { actor_user_id: "u1" }, "u1"],
    ["a key by its name", { actor_key_prefix: "afd_live_1", source_system: "affidavit" }, "billing worker"],
    ["a key that the reader may not see by its prefix", { actor_key_prefix: "constructor" }, "constructor"],
    ["an outside system", { source_system: "policy-engine", actor_key_prefix: "afd_live_1" }, "policy-engine"],
    ["the platform where nobody did it", { source_system: "affidavit", actor_email: null }, "Affidavit (the platform)"],
    [
      "nobody for a refused sign-in",
      { source_system: "affidavit", event: "sign_in.failed", actor_source: "portal" },
      "not signed in",
    ],
    [
      "the host for a command",
      { source_system: "affidavit", event: "member.added", actor_source: "cli" },
      "on the host",
    ],
  ])("names %s", (_, row, name) => {
    expect(who(row)).toBe(name);
  });
});
