import { describe, expect, test } from "vitest";
import { kinds } from "@/lib/log-kinds/registry";
import { matches } from "../matches";
import { checkQuery, queryFields } from "./check";

const row = {
  outcome: "policy_denial",
  provider_id: "Google",
  latency_ms: 500,
  occurred_at: "2026-11-22T00:01:02.345Z",
  reason: "asked for a draft reply to café",
  resolved_user_ids: ["u1", "U2"],
  tags_accessed: [
    { key: "PII", value: "email" },
    { key: "LAW", value: "gdpr" },
  ],
};

describe("finds", () => {
  test.each([
    ["outcome:policy_denial", true],
    ["-outcome:policy_denial", false],
    ["OUTCOME:x OR provider_id:GOOGLE", undefined],
    ["outcome:success OR provider_id:GOOGLE", true],
    ["outcome:(success OR policy_denial) latency_ms:>=500", true],
    ["latency_ms:>500", false],
    ["latency_ms:<501 latency_ms:>499", true],
    ["-latency_ms:>500", true],
    ["response_status:>0", false],
    ["-response_status:>0", true],
    ["occurred_at:>=2026-11-22 occurred_at:<2026-11-22T00:01:02.346Z", true],
    ["occurred_at:>2026-11-22T00:01:02.345Z", false],
    ["draft", true],
    ["DRAFT Café", true],
    ['"draft reply" café', true],
    ['"reply draft"', false],
    ['text:"reply draft"', true],
    ["draft-reply", true],
    ["draft -reply", false],
    ["resolved_user_ids:u2", true],
    ["-resolved_user_ids:u3", true],
    ["tag_key:pii tag_value:email", true],
    ["tag_key:pii tag_value:gdpr", false],
    ["tag_key:pii tag_key:law", true],
    ["tag_key:pii tag_value:email tag_key:law tag_value:gdpr", true],
    ["tag_key:pii (tag_value:gdpr OR tag_value:email)", true],
    ["tag_key:pii -tag_value:gdpr", false],
    ["", true],
  ])("%s: %s", (text, expected) => {
    const { asked, faults } = checkQuery(text, queryFields(kinds));
    if (expected === undefined) expect(faults).not.toEqual([]);
    else {
      expect(faults).toEqual([]);
      expect(matches(row, asked ? [asked] : [])).toBe(expected);
    }
  });
});

describe("says what is wrong, and where", () => {
  test.each([
    ["outcom:success", 0, 14, "outcom is no field here. Did you mean outcome?"],
    ["aa https://x.test", 3, 17, "https is no field here. To look for these words, put them in quotes."],
    ["xx -outcome:nope", 4, 16, "outcome must be one of: success, policy_denial"],
    ["latency_ms:fast", 0, 15, "latency_ms must be a whole number"],
    ["latency_ms:>9007199254740993", 0, 28, "latency_ms must be at most 9007199254740991"],
    ["provider_id:>google", 0, 19, "provider_id is no number and no time"],
    ["occurred_at:2026-11-22", 0, 22, "occurred_at is a time: say occurred_at:>=2026-11-01"],
    ["occurred_at:>yesterday", 0, 22, "occurred_at must be a time such as 2026-11-01"],
    ["occurred_at:>2026-02-30", 0, 23, "occurred_at must be a time such as 2026-11-01"],
    ["draft &", 6, 7, '"&" needs a word of two or more letters or digits'],
    ["x x x", 0, 1, '"x" needs a word'],
  ])("%s", (text, start, end, message) => {
    const [fault] = checkQuery(text, queryFields(kinds)).faults;
    expect(fault).toMatchObject({ start, end, message: expect.stringContaining(message) });
  });
});
